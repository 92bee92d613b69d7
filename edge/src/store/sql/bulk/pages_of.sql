-- Pages of a workflow behind the page ?5, of version ?3 of it, or of all but version ?4, in the order of their ids.
SELECT page FROM dashboard
 WHERE site = ?1 AND workflow = ?2 AND ended = 0 AND (?3 IS NULL OR workflow_version = ?3)
   AND workflow_version IS NOT ?4 AND page > ?5
 ORDER BY page LIMIT ?6
