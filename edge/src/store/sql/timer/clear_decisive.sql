-- A page's timers that move it, and every timer of a state that was left (?3 is the seq of the one it is in).
DELETE FROM timer WHERE site = ?1 AND page = ?2 AND (kind IN ('expiry', 'due') OR seq <> ?3)
