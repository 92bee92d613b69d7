-- Fewer than ?3 factors, the one whose place is taken (?4) not counted.
INSERT INTO require (ok, what)
SELECT (SELECT COUNT(*) FROM factor WHERE site = ?1 AND person = ?2 AND active = 1 AND id <> ?4) < ?3, 'room'
