-- ?3: a JSON array of {id, hmac}.
INSERT INTO recovery_code (site, person, id, hmac, made_at)
SELECT ?1, ?2, made.value ->> 'id', made.value ->> 'hmac', ?4 FROM json_each(?3) AS made
