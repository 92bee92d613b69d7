INSERT INTO invited_key (site, key_sealed) VALUES (?1, ?2) ON CONFLICT (site) DO NOTHING
