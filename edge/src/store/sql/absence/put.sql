INSERT INTO absence (site, person, stand_in, from_at, until_at) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (site, person) DO UPDATE SET
  stand_in = excluded.stand_in, from_at = excluded.from_at, until_at = excluded.until_at
