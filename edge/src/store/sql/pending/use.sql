-- It confirmed what it was for: nothing of it can be used again.
UPDATE pending SET state = 'used', code = NULL WHERE site = ?1 AND person = ?2 AND nonce = ?3
