UPDATE outbox SET state = 'open', attempts = 0, next_at = ?3, lease_id = NULL, lease_until = 0
 WHERE site = ?1 AND id = ?2 AND state = 'failed'
RETURNING id
