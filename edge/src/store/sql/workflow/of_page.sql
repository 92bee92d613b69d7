-- The version of the workflow the page's row names, and where that workflow's stream ends. A page that is taken out of
-- its workflow still names it.
SELECT version.stream, version.seq, version.at, version.entry, version.leaf,
       (SELECT MAX(seq) FROM journal AS newest WHERE newest.site = ?1 AND newest.stream = version.stream) AS head
  FROM dashboard
  JOIN journal AS version
    ON version.site = ?1 AND version.stream = 'workflow/' || dashboard.workflow AND version.seq = dashboard.workflow_version
 WHERE dashboard.site = ?1 AND dashboard.page = ?2
