SELECT key_id, key_sealed FROM inherited_key WHERE site = ?1 ORDER BY key_id
