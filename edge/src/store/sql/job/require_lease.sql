INSERT INTO require (ok, what)
SELECT EXISTS (SELECT 1 FROM job WHERE site = ?1 AND id = ?2 AND lease_id = ?3 AND state = 'open'), 'lease'
