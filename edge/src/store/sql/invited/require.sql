INSERT INTO require (ok, what)
SELECT EXISTS (SELECT 1 FROM invited WHERE site = ?1 AND id = ?2 AND lookup = ?3 AND erased_at IS NULL), 'head'
