INSERT INTO require (ok, what)
SELECT NOT EXISTS (SELECT 1 FROM guess WHERE site = ?1 AND person = ?2 AND held = 1), 'held'
