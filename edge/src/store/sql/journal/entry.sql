SELECT seq, at, kind, entry FROM journal WHERE site = ?1 AND stream = ?2 AND seq = ?3
