-- A code mailed for one challenge, in place of whatever waits in the same scope.
INSERT INTO pending (site, person, scope, nonce, kind, state, challenge, comment, code_hmac, code, created_at, expires_at)
VALUES (?1, ?2, ?3, ?4, 'mail-code', 'waiting', ?5, ?6, ?7, ?8, ?9, ?10)
ON CONFLICT (site, person, scope) DO UPDATE SET
  nonce = excluded.nonce, kind = excluded.kind, state = excluded.state, challenge = excluded.challenge,
  comment = excluded.comment, code_hmac = excluded.code_hmac, code = excluded.code, factor = NULL, step = NULL,
  created_at = excluded.created_at, expires_at = excluded.expires_at
