-- Pages that will remind any of these people, ?2 a JSON array of accounts.
SELECT DISTINCT page FROM timer
 WHERE site = ?1 AND fired = 0 AND kind = 'reminder' AND person IN (SELECT value FROM json_each(?2)) LIMIT ?3
