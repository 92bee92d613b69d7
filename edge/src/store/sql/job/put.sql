INSERT INTO job (site, id, spec, total, created_by, created_at, next_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
