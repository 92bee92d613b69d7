-- Who, of those with an account, has a factor that did not end before ?3, or is locked at ?2 (?4 failures in a row lock for good).
SELECT person FROM factor
 WHERE site = ?1 AND active = 1 AND (expires_at IS NULL OR expires_at > ?3) AND person NOT LIKE 'invited:%'
UNION
SELECT person FROM guess
 WHERE site = ?1 AND (locked_until > ?2 OR failures >= ?4 OR held = 1) AND person NOT LIKE 'invited:%'
 ORDER BY person LIMIT ?5
