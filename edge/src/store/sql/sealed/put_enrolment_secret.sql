-- Each text only if nobody changed it meanwhile. ?2 a JSON array of {person, id, old, new}.
UPDATE enrolment
   SET secret_sealed = (SELECT value ->> 'new' FROM json_each(?2) WHERE value ->> 'old' = enrolment.secret_sealed)
 WHERE site = ?1 AND (person, id) IN (SELECT value ->> 'person', value ->> 'id' FROM json_each(?2))
   AND secret_sealed IN (SELECT value ->> 'old' FROM json_each(?2))
