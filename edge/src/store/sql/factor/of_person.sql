-- In use, expired or not.
SELECT id, kind, secret, last_step, enrolled_at, name, expires_at, last_used_at FROM factor
 WHERE site = ?1 AND person = ?2 AND active = 1 ORDER BY enrolled_at, id
