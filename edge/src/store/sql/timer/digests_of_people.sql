-- Digests of these people, ?2 a JSON array of accounts.
SELECT timer.person, personal.digest FROM timer
  JOIN personal ON personal.site = ?1 AND personal.person = timer.person
 WHERE timer.site = ?1 AND timer.page = '' AND timer.kind = 'digest' AND timer.person IN (SELECT value FROM json_each(?2))
