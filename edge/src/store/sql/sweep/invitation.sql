UPDATE invitation SET code_hmac = '', code_sealed = '', code_expires_at = 0
 WHERE site = ?1 AND code_sealed <> '' AND code_expires_at < ?2
