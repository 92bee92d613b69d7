SELECT MAX(seq) AS seq FROM journal WHERE site = ?1 AND stream = ?2
