UPDATE job SET state = 'cancelled', ended_at = ?3, last_error = NULL, lease_id = NULL, lease_until = 0
 WHERE site = ?1 AND id = ?2 AND state = 'open'
