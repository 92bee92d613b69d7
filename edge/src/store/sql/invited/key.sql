SELECT key_sealed FROM invited_key WHERE site = ?1
