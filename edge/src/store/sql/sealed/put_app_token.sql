-- Each text only if nobody changed it meanwhile. ?2 a JSON array of {person, id, old, new}.
UPDATE installation
   SET app_token_sealed = (SELECT value ->> 'new' FROM json_each(?2) WHERE value ->> 'old' = installation.app_token_sealed)
 WHERE site = ?1 AND installation IN (SELECT value ->> 'id' FROM json_each(?2))
   AND app_token_sealed IN (SELECT value ->> 'old' FROM json_each(?2))
