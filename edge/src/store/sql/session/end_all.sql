UPDATE session SET ended_at = ?3 WHERE site = ?1 AND person = ?2 AND ended_at IS NULL
