-- None that counts, and none that can be renewed: what ended before ?3 is over.
INSERT INTO require (ok, what)
SELECT NOT EXISTS (SELECT 1 FROM factor WHERE site = ?1 AND person = ?2 AND active = 1
                      AND (expires_at IS NULL OR expires_at > ?3)), 'factor-exists'
