INSERT INTO require (ok, what)
SELECT NOT EXISTS (SELECT 1 FROM consumed WHERE site = ?1 AND nonce = ?2), 'nonce'
