SELECT id, page, approval, person, name, inviter, invited_at, until_at, code_hmac, code_sealed, code_expires_at, codes, visit
  FROM invitation WHERE site = ?1 AND id = ?2
