-- Each text only if nobody changed it meanwhile. ?2 a JSON array of {person, id, old, new}.
UPDATE pending
   SET challenge = (SELECT value ->> 'new' FROM json_each(?2) WHERE value ->> 'old' = pending.challenge)
 WHERE site = ?1 AND nonce IN (SELECT value ->> 'id' FROM json_each(?2))
   AND challenge IN (SELECT value ->> 'old' FROM json_each(?2))
