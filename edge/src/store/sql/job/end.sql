UPDATE job SET state = ?4, ended_at = ?5, last_error = ?6, lease_id = NULL, lease_until = 0
 WHERE site = ?1 AND id = ?2 AND lease_id = ?3 AND state = 'open'
