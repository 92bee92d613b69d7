-- Effects that set something, ?2: a JSON array of {lane, effect}, in order. An open row nobody is at yet will do, since it
-- looks at the journal only when claimed.
INSERT INTO outbox (site, lane, effect, key, created_at, next_at)
SELECT ?1, wanted.value ->> 'lane', wanted.value ->> 'effect', ?3, ?4, ?4 FROM json_each(?2) AS wanted
 WHERE NOT EXISTS (SELECT 1 FROM outbox
                    WHERE site = ?1 AND lane = wanted.value ->> 'lane' AND state = 'open'
                      AND effect = wanted.value ->> 'effect' AND lease_id IS NULL)
 ORDER BY wanted.key
