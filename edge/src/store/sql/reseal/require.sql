-- Nobody else went on meanwhile.
INSERT INTO require (ok, what)
SELECT EXISTS (SELECT 1 FROM reseal WHERE site = ?1 AND ring = ?2 AND state = ?3 AND place = ?4 AND person = ?5 AND id = ?6
                AND resealed = ?7 AND unopened = ?8), 'lease'
