SELECT id, stage, kind, name, replaces, proved_by, mail_code_hmac, mail_code_sealed, secret_sealed, step, created_at, expires_at
  FROM enrolment WHERE site = ?1 AND person = ?2
