-- A notice for each factor that ends after ?3 and not after ?4, unless its owner was told as much (?5) of this very end.
INSERT INTO outbox (site, lane, effect, key, created_at, next_at)
SELECT site, 'person/' || person,
       json_object('effect', 'mail-owner', 'person', person,
                   'notice', json_object('about', ?2, 'factor', id, 'until', expires_at)),
       ?2 || '/' || id || '/' || expires_at, ?6, ?6
  FROM factor
 WHERE site = ?1 AND active = 1 AND expires_at IS NOT NULL AND expires_at > ?3 AND expires_at <= ?4
   AND (told_of IS NOT expires_at OR told < ?5)
 ORDER BY expires_at, person, id LIMIT ?7
