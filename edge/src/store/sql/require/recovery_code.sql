INSERT INTO require (ok, what)
SELECT EXISTS (SELECT 1 FROM recovery_code WHERE site = ?1 AND person = ?2 AND id = ?3 AND used_at IS NULL), 'recovery'
