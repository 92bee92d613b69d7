SELECT stream, at, kind, entry FROM journal WHERE site = ?1 AND stream = ?2 ORDER BY seq DESC LIMIT ?3
