-- Each text only if nobody changed it meanwhile. ?2 a JSON array of {person, id, old, new}.
UPDATE factor
   SET secret = (SELECT value ->> 'new' FROM json_each(?2) WHERE value ->> 'old' = factor.secret)
 WHERE site = ?1 AND (person, id) IN (SELECT value ->> 'person', value ->> 'id' FROM json_each(?2))
   AND secret IN (SELECT value ->> 'old' FROM json_each(?2))
