-- The code is used up, and an older visit shows nothing any more.
UPDATE invitation SET code_hmac = '', code_sealed = '', code_expires_at = 0, visit = ?3 WHERE site = ?1 AND id = ?2
