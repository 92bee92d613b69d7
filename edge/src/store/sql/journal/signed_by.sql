-- What ?2 signed last, the latest first; the index on it is found by these very words.
SELECT stream, at, kind, entry FROM journal
 WHERE site = ?1 AND entry ->> '$.actor.account' = ?2
   AND entry IS NOT NULL AND entry ->> '$.event.proof.challenge' IS NOT NULL
 ORDER BY position DESC LIMIT ?3
