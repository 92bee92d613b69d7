INSERT INTO require (ok, what)
SELECT EXISTS (SELECT 1 FROM pending
                WHERE site = ?1 AND person = ?2 AND nonce = ?3 AND kind = ?4 AND state = ?5 AND expires_at > ?6), 'pending'
