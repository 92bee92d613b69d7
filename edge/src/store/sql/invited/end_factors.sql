-- The rows stay, so that no code of theirs ever counts again.
UPDATE factor SET active = 0, secret = '', ended_at = ?3 WHERE site = ?1 AND person = ?2 AND active = 1
