DELETE FROM pending WHERE site = ?1 AND expires_at < ?2
