-- ?2: a JSON array of ids.
SELECT id, body FROM text
 WHERE site = ?1 AND body IS NOT NULL AND id IN (SELECT value FROM json_each(?2))
