-- Nobody tried.
UPDATE outbox SET attempts = attempts - 1, lease_id = NULL, lease_until = 0
 WHERE site = ?1 AND id = ?2 AND lease_id = ?3 AND state = 'open'
