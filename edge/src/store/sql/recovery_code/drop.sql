DELETE FROM recovery_code WHERE site = ?1 AND person = ?2
