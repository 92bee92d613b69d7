-- "This wasn't me": only an admin releases it.
INSERT INTO guess (site, person, failures, locked_until, held) VALUES (?1, ?2, 0, 0, 1)
ON CONFLICT (site, person) DO UPDATE SET held = 1
