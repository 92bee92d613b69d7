INSERT INTO session (site, person, id, factor, kind, began_at, until_at, identified) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
