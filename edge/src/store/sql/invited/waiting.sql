SELECT id, page FROM invitation WHERE site = ?1 AND person = ?2 AND ended_at IS NULL ORDER BY invited_at, id
