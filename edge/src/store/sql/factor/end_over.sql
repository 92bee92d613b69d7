-- Factors that ended before ?3 can't be renewed any more.
UPDATE factor SET active = 0, secret = '', ended_at = ?4
 WHERE site = ?1 AND person = ?2 AND active = 1 AND expires_at <= ?3
