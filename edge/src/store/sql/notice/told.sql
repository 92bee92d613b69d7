-- Those of notice/of_ends, of the same batch: their owners are told now.
UPDATE factor SET told_of = expires_at, told = ?5
 WHERE (site, person, id) IN (
   SELECT site, person, id FROM factor
    WHERE site = ?1 AND active = 1 AND expires_at IS NOT NULL AND expires_at > ?3 AND expires_at <= ?4
      AND (told_of IS NOT expires_at OR told < ?5)
    ORDER BY expires_at, person, id LIMIT ?7)
