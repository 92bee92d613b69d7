-- Authenticators that do not count send 0 for ever; others never send the same number twice.
INSERT INTO require (ok, what)
SELECT EXISTS (SELECT 1 FROM factor WHERE site = ?1 AND person = ?2 AND id = ?3
                  AND (last_step < ?4 OR (last_step = 0 AND ?4 = 0))), 'step'
