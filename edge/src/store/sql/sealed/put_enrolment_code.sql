-- Each text only if nobody changed it meanwhile. ?2 a JSON array of {person, id, old, new}.
UPDATE enrolment
   SET mail_code_sealed = (SELECT value ->> 'new' FROM json_each(?2) WHERE value ->> 'old' = enrolment.mail_code_sealed)
 WHERE site = ?1 AND (person, id) IN (SELECT value ->> 'person', value ->> 'id' FROM json_each(?2))
   AND mail_code_sealed IN (SELECT value ->> 'old' FROM json_each(?2))
