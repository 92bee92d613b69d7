UPDATE installation SET look_from = ?2 WHERE site = ?1
