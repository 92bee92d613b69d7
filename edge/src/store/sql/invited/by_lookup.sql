SELECT invited.id, invited.address_sealed, text.body AS name, invited.invited_at, invited.erased_at
  FROM invited LEFT JOIN text ON text.site = ?1 AND text.id = invited.name
 WHERE invited.site = ?1 AND invited.lookup = ?2
