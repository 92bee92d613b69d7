-- ?3: failures in a row after which only an admin can help.
SELECT person, failures, locked_until, held FROM guess
 WHERE site = ?1 AND (locked_until > ?2 OR failures >= ?3 OR held = 1) ORDER BY person LIMIT ?4
