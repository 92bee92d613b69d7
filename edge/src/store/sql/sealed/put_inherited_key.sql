-- Each text only if nobody changed it meanwhile. ?2 a JSON array of {person, id, old, new}.
UPDATE inherited_key
   SET key_sealed = (SELECT value ->> 'new' FROM json_each(?2) WHERE value ->> 'old' = inherited_key.key_sealed)
 WHERE site = ?1 AND key_id IN (SELECT value ->> 'id' FROM json_each(?2))
   AND key_sealed IN (SELECT value ->> 'old' FROM json_each(?2))
