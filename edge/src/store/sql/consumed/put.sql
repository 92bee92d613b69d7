INSERT INTO consumed (site, nonce, person, digest, stream, seq, at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
