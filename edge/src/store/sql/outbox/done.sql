-- It was carried out. What it sets now, an earlier row of the same effect (?4) that was given up need not set any more;
-- ?4 is NULL for effects that add something.
UPDATE outbox SET state = 'done', lease_id = NULL, lease_until = 0, last_error = NULL
 WHERE site = ?1 AND ((id = ?2 AND lease_id = ?3 AND state = 'open') OR (state = 'failed' AND id < ?2 AND effect = ?4))
