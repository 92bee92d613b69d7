DELETE FROM pending WHERE site = ?1 AND person = ?2
