INSERT INTO require (ok, what)
SELECT EXISTS (SELECT 1 FROM invitation
                WHERE site = ?1 AND id = ?2 AND code_hmac = ?3 AND code_hmac <> '' AND code_expires_at > ?4),
       'invitation-code'
