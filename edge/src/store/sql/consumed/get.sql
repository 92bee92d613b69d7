SELECT person, digest, stream, seq, at FROM consumed WHERE site = ?1 AND nonce = ?2
