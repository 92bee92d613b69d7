INSERT INTO personal (site, person, digest) VALUES (?1, ?2, ?3)
ON CONFLICT (site, person) DO UPDATE SET digest = excluded.digest
