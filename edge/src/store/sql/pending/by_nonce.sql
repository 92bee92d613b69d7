SELECT scope, nonce, kind, state, challenge, comment, code_hmac, code, factor, step, created_at, expires_at FROM pending
 WHERE site = ?1 AND person = ?2 AND nonce = ?3
