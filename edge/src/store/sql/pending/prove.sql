UPDATE pending SET state = 'proved', factor = ?4, step = ?5 WHERE site = ?1 AND person = ?2 AND nonce = ?3
