INSERT INTO enrolment (site, person, id, stage, mail_code_hmac, mail_code_sealed, created_at, expires_at)
VALUES (?1, ?2, ?3, 'mailed', ?4, ?5, ?6, ?7)
ON CONFLICT (site, person) DO UPDATE SET
  id = excluded.id, stage = excluded.stage, mail_code_hmac = excluded.mail_code_hmac,
  mail_code_sealed = excluded.mail_code_sealed, secret_sealed = NULL, created_at = excluded.created_at,
  expires_at = excluded.expires_at
