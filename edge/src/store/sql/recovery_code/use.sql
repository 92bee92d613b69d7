UPDATE recovery_code SET used_at = ?4 WHERE site = ?1 AND person = ?2 AND id = ?3 AND used_at IS NULL
