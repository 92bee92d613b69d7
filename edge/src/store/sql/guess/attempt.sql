-- Counts one attempt of person ?2 at ?3, before anything is compared. Gives a row back only if it was admitted: not
-- locked, not held, fewer than ?6 in a row. The same challenge (?4) again, once it was consumed, is no attempt.
-- ?5 attempts without a pause, then a pause of ?7 ms, doubling up to ?8 ms: engine::token::guessing, word by word.
INSERT INTO guess (site, person, failures, locked_until, held)
SELECT ?1, ?2, 1, CASE WHEN 1 < ?5 THEN 0 ELSE ?3 + MIN(CAST(?7 AS INTEGER) << (1 - CAST(?5 AS INTEGER)), ?8) END, 0
 WHERE NOT EXISTS (SELECT 1 FROM consumed WHERE site = ?1 AND nonce = ?4)
ON CONFLICT (site, person) DO UPDATE SET
  failures = failures + 1,
  locked_until = CASE WHEN failures + 1 < ?5 THEN 0
    ELSE ?3 + MIN(CAST(?7 AS INTEGER) << MIN(failures + 1 - CAST(?5 AS INTEGER), 20), ?8) END
 WHERE held = 0 AND failures < ?6 AND locked_until <= ?3
RETURNING failures, locked_until, held
