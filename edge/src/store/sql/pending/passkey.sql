-- A passkey is to be used for one challenge, in place of whatever waits in the same scope.
INSERT INTO pending (site, person, scope, nonce, kind, state, challenge, comment, created_at, expires_at)
VALUES (?1, ?2, ?3, ?4, 'passkey', 'waiting', ?5, ?6, ?7, ?8)
ON CONFLICT (site, person, scope) DO UPDATE SET
  nonce = excluded.nonce, kind = excluded.kind, state = excluded.state, challenge = excluded.challenge,
  comment = excluded.comment, code_hmac = NULL, code = NULL, factor = NULL, step = NULL,
  created_at = excluded.created_at, expires_at = excluded.expires_at
