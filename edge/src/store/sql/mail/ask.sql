INSERT INTO mail_asked (site, person, id, at) VALUES (?1, ?2, ?3, ?4)
