-- Texts that entries of the same batch refer to, ?2: a JSON array of {id, salt, body}.
INSERT INTO text (site, id, salt, body)
SELECT ?1, wanted.value ->> 'id', wanted.value ->> 'salt', wanted.value ->> 'body' FROM json_each(?2) AS wanted
