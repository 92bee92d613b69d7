-- Those under way first.
SELECT id, spec, state, total, seen, done, skipped, failed, created_by, created_at, ended_at, last_error
  FROM job WHERE site = ?1 ORDER BY state = 'open' DESC, created_at DESC, id LIMIT ?2
