-- Texts that are not under the newest key, behind the one at ?4, ?5, ?6. What is under it begins with ?2, and then with one
-- of the characters of ?3: the key's id ends in the middle of a character.
SELECT place, person, id, body FROM sealed
 WHERE site = ?1 AND (place, person, id) > (?4, ?5, ?6)
   AND NOT (substr(body, 1, length(?2)) = ?2 AND instr(?3, substr(body, length(?2) + 1, 1)) > 0)
 ORDER BY place, person, id LIMIT ?7
