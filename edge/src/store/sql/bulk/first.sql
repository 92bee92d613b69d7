-- The first pages of a workflow, of version ?3 of it, or of all but version ?4, with their states.
SELECT page, state FROM dashboard
 WHERE site = ?1 AND workflow = ?2 AND ended = 0 AND (?3 IS NULL OR workflow_version = ?3)
   AND workflow_version IS NOT ?4
 ORDER BY page LIMIT ?5
