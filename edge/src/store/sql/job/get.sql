SELECT id, spec, state, total, seen, done, skipped, failed, created_by, created_at, ended_at, last_error
  FROM job WHERE site = ?1 AND id = ?2
