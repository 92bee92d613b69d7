UPDATE installation SET app_account = ?2 WHERE site = ?1
