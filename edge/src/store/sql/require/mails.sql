-- Fewer than ?4 mails asked for after ?3.
INSERT INTO require (ok, what)
SELECT (SELECT COUNT(*) FROM mail_asked WHERE site = ?1 AND person = ?2 AND at > ?3) < ?4, 'mails'
