INSERT INTO inherited_key (site, key_id, key_sealed) VALUES (?1, ?2, ?3) ON CONFLICT (site, key_id) DO NOTHING
