INSERT INTO require (ok, what)
SELECT ?3 = COALESCE((SELECT MAX(seq) FROM journal WHERE site = ?1 AND stream = ?2), 0), ?4
