SELECT id, effect, last_error, attempts, tried_at FROM outbox WHERE site = ?1 AND state = 'failed' ORDER BY id LIMIT ?2
