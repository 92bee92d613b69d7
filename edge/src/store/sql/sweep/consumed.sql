DELETE FROM consumed WHERE site = ?1 AND expires_at < ?2
