-- The versions of workflows that the rows of these pages name, ?2 a JSON array, and where those workflows' streams end.
SELECT version.stream, version.seq, version.at, version.entry, version.leaf,
       (SELECT MAX(seq) FROM journal AS newest WHERE newest.site = ?1 AND newest.stream = version.stream) AS head
  FROM journal AS version
 WHERE version.site = ?1
   AND (version.stream, version.seq) IN
       (SELECT 'workflow/' || dashboard.workflow, dashboard.workflow_version
          FROM json_each(?2) AS wanted JOIN dashboard ON dashboard.site = ?1 AND dashboard.page = wanted.value)
