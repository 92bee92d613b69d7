INSERT INTO text (site, id, salt, body) VALUES (?1, ?2, ?3, ?4)
