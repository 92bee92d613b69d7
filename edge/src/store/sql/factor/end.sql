-- The secret goes with it; the row stays, so that a code of it never counts again.
UPDATE factor SET active = 0, secret = '', ended_at = ?4 WHERE site = ?1 AND person = ?2 AND id = ?3 AND active = 1
