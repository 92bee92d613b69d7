-- A site whose texts want looking after: its time has come, or the Worker has other keys (?2) than the last time.
SELECT site, ring, state, place, person, id, total, resealed, unopened, settled, newest_since, ended_at FROM reseal
 WHERE site = COALESCE((SELECT site FROM reseal WHERE next_at <= ?1 ORDER BY next_at LIMIT 1),
                       (SELECT site FROM reseal WHERE ring < ?2 LIMIT 1), (SELECT site FROM reseal WHERE ring > ?2 LIMIT 1))
