-- Factors of the people in ?2, a JSON array, that were neither removed nor revoked.
SELECT factor.person, factor.id, factor.kind, factor.enrolled_at, factor.expires_at, factor.last_used_at,
       text.body AS name
  FROM factor LEFT JOIN text ON text.site = ?1 AND text.id = factor.name
 WHERE factor.site = ?1 AND factor.person IN (SELECT value FROM json_each(?2)) AND factor.active = 1
 ORDER BY factor.person, factor.enrolled_at, factor.id
