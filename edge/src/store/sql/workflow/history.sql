-- A workflow's versions, ?2 its stream, without what they say.
SELECT seq, at, entry ->> '$.actor.account' AS person, entry ->> '$.event.standing' AS standing
  FROM journal WHERE site = ?1 AND stream = ?2 ORDER BY seq DESC LIMIT ?3
