-- Each text only if nobody changed it meanwhile. ?2 a JSON array of {person, id, old, new}.
UPDATE invited
   SET address_sealed = (SELECT value ->> 'new' FROM json_each(?2) WHERE value ->> 'old' = invited.address_sealed)
 WHERE site = ?1 AND id IN (SELECT value ->> 'id' FROM json_each(?2))
   AND address_sealed IN (SELECT value ->> 'old' FROM json_each(?2))
