SELECT id, stage, mail_code_hmac, mail_code_sealed, secret_sealed, created_at, expires_at FROM enrolment
 WHERE site = ?1 AND person = ?2
