DELETE FROM outbox WHERE site = ?1 AND state = 'done' AND tried_at < ?2
