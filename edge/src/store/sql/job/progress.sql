UPDATE job SET cursor = ?4, seen = seen + ?5, done = done + ?6, skipped = skipped + ?7, failed = failed + ?8,
               stumbles = 0, last_error = NULL
 WHERE site = ?1 AND id = ?2 AND lease_id = ?3 AND state = 'open'
