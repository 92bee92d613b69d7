INSERT INTO session (site, person, id, factor, kind, step, began_at, until_at, list) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
