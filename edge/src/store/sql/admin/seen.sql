INSERT INTO admin (site, person, seen_at) VALUES (?1, ?2, ?3)
ON CONFLICT (site, person) DO UPDATE SET seen_at = excluded.seen_at
