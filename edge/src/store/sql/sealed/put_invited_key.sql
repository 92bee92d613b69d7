-- Only if nobody changed it meanwhile. ?2 a JSON array of {person, id, old, new}.
UPDATE invited_key
   SET key_sealed = (SELECT value ->> 'new' FROM json_each(?2) WHERE value ->> 'old' = invited_key.key_sealed)
 WHERE site = ?1 AND key_sealed IN (SELECT value ->> 'old' FROM json_each(?2))
