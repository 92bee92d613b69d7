-- ?2: a JSON array of {person, zone}; ?3 now.
INSERT INTO zone (site, person, zone, read_at)
SELECT ?1, one.value ->> 'person', one.value ->> 'zone', ?3 FROM json_each(?2) AS one WHERE true
ON CONFLICT (site, person) DO UPDATE SET zone = excluded.zone, read_at = excluded.read_at
