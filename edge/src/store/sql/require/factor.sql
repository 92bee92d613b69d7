-- In use, and not over at ?4: what has to be renewed counts for nothing.
INSERT INTO require (ok, what)
SELECT EXISTS (SELECT 1 FROM factor WHERE site = ?1 AND person = ?2 AND id = ?3 AND active = 1
                  AND (expires_at IS NULL OR expires_at > ?4)), 'factor'
