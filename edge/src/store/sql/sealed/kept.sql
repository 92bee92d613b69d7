-- How many codes are kept as HMAC under which key, those left out that count for nothing at ?2. An HMAC cannot be made anew
-- without the code; recovery codes whose sub-key was inherited need their key no more. What stands before the dot or the colon is the key's id.
SELECT kind, "key", COUNT(*) AS codes FROM (
  SELECT 'mailed' AS kind, substr(mail_code_hmac, 1, instr(replace(mail_code_hmac, '.', ':'), ':') - 1) AS "key"
    FROM enrolment WHERE site = ?1 AND expires_at > ?2 AND mail_code_sealed <> ''
  UNION ALL
  SELECT 'mailed', substr(code_hmac, 1, instr(code_hmac, '.') - 1)
    FROM pending WHERE site = ?1 AND expires_at > ?2 AND state = 'waiting' AND code_hmac <> ''
  UNION ALL
  SELECT 'mailed', substr(code_hmac, 1, instr(code_hmac, '.') - 1)
    FROM invitation WHERE site = ?1 AND code_expires_at > ?2 AND code_hmac <> ''
  UNION ALL
  SELECT 'recovery', substr(hmac, 1, instr(hmac, '.') - 1)
    FROM recovery_code WHERE site = ?1 AND used_at IS NULL
     AND substr(hmac, 1, instr(hmac, '.') - 1) NOT IN (SELECT key_id FROM inherited_key WHERE site = ?1))
 GROUP BY kind, "key"
