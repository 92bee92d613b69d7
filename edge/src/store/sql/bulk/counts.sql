-- Pages of a workflow, by version and state, and for how many of them a decision was given in a review under way.
SELECT workflow_version AS version, state, COUNT(*) AS pages,
       SUM(waiting <> '[]' AND EXISTS (
         SELECT 1 FROM snapshot
          WHERE snapshot.site = ?1 AND snapshot.stream = 'page/' || dashboard.page AND json_valid(fold)
            AND json_array_length(fold, '$.review.decisions') > 0)) AS decided
  FROM dashboard WHERE site = ?1 AND workflow = ?2 AND ended = 0
 GROUP BY workflow_version, state ORDER BY workflow_version, MIN(entered_at)
