SELECT factor.kind, factor.expires_at, text.body AS name FROM factor
  LEFT JOIN text ON text.site = factor.site AND text.id = factor.name
 WHERE factor.site = ?1 AND factor.person = ?2 AND factor.id = ?3 AND factor.active = 1
