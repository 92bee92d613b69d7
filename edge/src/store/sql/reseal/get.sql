SELECT site, ring, state, place, person, id, total, resealed, unopened, settled, newest_since, ended_at FROM reseal
 WHERE site = ?1
