-- Their last code was used, or its owner made new ones.
DELETE FROM inherited_key
 WHERE site = ?1
   AND key_id NOT IN (SELECT substr(hmac, 1, instr(hmac, '.') - 1) FROM recovery_code WHERE site = ?1 AND used_at IS NULL)
