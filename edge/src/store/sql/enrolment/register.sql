-- A passkey was registered on a page of our own: what it is, sealed, and its counter.
UPDATE enrolment SET stage = 'registered', secret_sealed = ?4, step = ?5 WHERE site = ?1 AND person = ?2 AND id = ?3
