INSERT INTO require (ok, what)
SELECT NOT EXISTS (SELECT 1 FROM factor WHERE site = ?1 AND person = ?2 AND active = 1), 'factor-exists'
