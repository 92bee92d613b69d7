DELETE FROM session WHERE site = ?1 AND until_at < ?2
