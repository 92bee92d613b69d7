-- What goes off becomes effects, unless another clock was faster. ?2: a JSON array of {page, kind, person, detail, nth, seq,
-- at, lane, effect, key}; ?3 now. Several timers of a page may become one effect; an open row nobody is at yet will do.
INSERT INTO outbox (site, lane, effect, key, created_at, next_at)
SELECT ?1, one.value ->> 'lane', one.value ->> 'effect', MIN(one.value ->> 'key'), ?3, ?3
  FROM json_each(?2) AS one
  JOIN timer
    ON timer.site = ?1 AND timer.page = one.value ->> 'page' AND timer.kind = one.value ->> 'kind'
   AND timer.person = one.value ->> 'person' AND timer.detail = one.value ->> 'detail'
   AND timer.nth = one.value ->> 'nth' AND timer.seq = one.value ->> 'seq'
 WHERE timer.fired = 0 AND timer.at = one.value ->> 'at'
   AND NOT EXISTS (SELECT 1 FROM outbox AS open
                    WHERE open.site = ?1 AND open.lane = one.value ->> 'lane' AND open.state = 'open'
                      AND open.effect = one.value ->> 'effect' AND open.lease_id IS NULL)
 GROUP BY one.value ->> 'lane', one.value ->> 'effect'
 ORDER BY MIN(one.key)
