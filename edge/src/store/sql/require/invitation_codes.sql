-- Fewer than ?4 codes mailed after ?3, and fewer than ?6 after ?5.
INSERT INTO require (ok, what)
SELECT EXISTS (
  SELECT 1 FROM invitation WHERE site = ?1 AND id = ?2
     AND (SELECT COUNT(*) FROM json_each(codes) WHERE value > ?3) < ?4
     AND (SELECT COUNT(*) FROM json_each(codes) WHERE value > ?5) < ?6), 'invitation-codes'
