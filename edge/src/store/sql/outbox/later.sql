UPDATE outbox SET next_at = ?4, last_error = ?5, lease_id = NULL, lease_until = 0
 WHERE site = ?1 AND id = ?2 AND lease_id = ?3 AND state = 'open'
