-- Neither ended nor over at ?4.
INSERT INTO require (ok, what)
SELECT EXISTS (SELECT 1 FROM session
                WHERE site = ?1 AND person = ?2 AND id = ?3 AND ended_at IS NULL AND until_at > ?4), 'session'
