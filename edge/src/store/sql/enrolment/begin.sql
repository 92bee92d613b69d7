-- In place of any other of the same person.
INSERT INTO enrolment (site, person, id, stage, kind, name, replaces, proved_by, mail_code_hmac, mail_code_sealed,
                       secret_sealed, created_at, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
ON CONFLICT (site, person) DO UPDATE SET
  id = excluded.id, stage = excluded.stage, kind = excluded.kind, name = excluded.name, replaces = excluded.replaces,
  proved_by = excluded.proved_by, mail_code_hmac = excluded.mail_code_hmac, mail_code_sealed = excluded.mail_code_sealed,
  secret_sealed = excluded.secret_sealed, step = 0, created_at = excluded.created_at, expires_at = excluded.expires_at
