-- Effects that add something outside, ?2: a JSON array of {lane, effect, key}, in order. Each one counts.
INSERT INTO outbox (site, lane, effect, key, created_at, next_at)
SELECT ?1, wanted.value ->> 'lane', wanted.value ->> 'effect', wanted.value ->> 'key', ?3, ?3 FROM json_each(?2) AS wanted
 ORDER BY wanted.key
