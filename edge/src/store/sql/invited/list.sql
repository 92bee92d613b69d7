-- Whoever was invited last first; after ?2, unless it is empty.
SELECT invited.id, invited.address_sealed, text.body AS name, invited.invited_at, invited.erased_at,
       (SELECT COUNT(*) FROM invitation WHERE site = ?1 AND person = 'invited:' || invited.id) AS invitations,
       (SELECT COUNT(*) FROM invitation
         WHERE site = ?1 AND person = 'invited:' || invited.id AND ended_at IS NULL) AS open,
       EXISTS (SELECT 1 FROM factor WHERE site = ?1 AND person = 'invited:' || invited.id AND active = 1) AS factor,
       COALESCE(guess.failures, 0) AS failures, COALESCE(guess.locked_until, 0) AS locked_until,
       COALESCE(guess.held, 0) AS held
  FROM invited LEFT JOIN text ON text.site = ?1 AND text.id = invited.name
       LEFT JOIN guess ON guess.site = ?1 AND guess.person = 'invited:' || invited.id
 WHERE invited.site = ?1
   AND (?2 = '' OR (invited.invited_at, invited.id) < (SELECT last.invited_at, last.id FROM invited AS last WHERE last.site = ?1 AND last.id = ?2))
 ORDER BY invited.invited_at DESC, invited.id DESC LIMIT ?3
