DELETE FROM mail_asked WHERE site = ?1 AND at < ?2
