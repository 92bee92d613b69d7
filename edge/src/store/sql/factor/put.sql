INSERT INTO factor (site, person, id, kind, secret, last_step, active, enrolled_at, name, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, ?7, ?8, ?9)
