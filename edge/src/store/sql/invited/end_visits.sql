UPDATE invitation SET code_hmac = '', code_sealed = '', code_expires_at = 0, visit = '' WHERE site = ?1 AND person = ?2
