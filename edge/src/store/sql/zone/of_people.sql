-- ?2: a JSON array of accounts.
SELECT person, zone FROM zone WHERE site = ?1 AND person IN (SELECT value FROM json_each(?2))
