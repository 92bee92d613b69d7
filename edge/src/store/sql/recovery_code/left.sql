SELECT SUM(used_at IS NULL) AS left, MAX(made_at) AS made_at FROM recovery_code WHERE site = ?1 AND person = ?2
