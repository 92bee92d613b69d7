-- How many pages run on each workflow, and how many of them on the version of the index.
SELECT dashboard.workflow AS workflow, COUNT(*) AS pages,
       SUM(dashboard.workflow_version < COALESCE(workflow.version, 0)) AS behind
  FROM dashboard LEFT JOIN workflow ON workflow.site = ?1 AND workflow.id = dashboard.workflow
 WHERE dashboard.site = ?1 AND dashboard.ended = 0 GROUP BY dashboard.workflow
