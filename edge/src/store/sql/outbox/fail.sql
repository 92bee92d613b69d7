UPDATE outbox SET state = 'failed', last_error = ?4, lease_id = NULL, lease_until = 0
 WHERE site = ?1 AND id = ?2 AND lease_id = ?3 AND state = 'open'
