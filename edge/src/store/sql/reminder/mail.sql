-- Puts a mail into the outbox for each of ?2, a JSON array of {person, lane, effect, key}, who was not reminded after ?4.
INSERT INTO outbox (site, lane, effect, key, created_at, next_at)
SELECT ?1, wanted.value ->> 'lane', wanted.value ->> 'effect', wanted.value ->> 'key', ?3, ?3 FROM json_each(?2) AS wanted
 WHERE NOT EXISTS (SELECT 1 FROM reminder WHERE site = ?1 AND person = wanted.value ->> 'person' AND at > ?4)
 ORDER BY wanted.key
