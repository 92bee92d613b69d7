INSERT INTO require (ok, what)
SELECT EXISTS (SELECT 1 FROM factor WHERE site = ?1 AND person = ?2 AND id = ?3 AND active = 1), 'factor'
