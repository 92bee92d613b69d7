-- ?3: a JSON array of the code's HMAC under each key of the Worker. At most one is there.
SELECT id, used_at IS NOT NULL AS used FROM recovery_code
 WHERE site = ?1 AND person = ?2 AND hmac IN (SELECT value FROM json_each(?3))
