-- The times of the latest ?4 mails asked for after ?3, newest first.
SELECT at FROM mail_asked WHERE site = ?1 AND person = ?2 AND at > ?3 ORDER BY at DESC LIMIT ?4
