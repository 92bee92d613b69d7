-- The job that has waited longest, unless somebody is at it. ?2 now, ?3 end of the lease, ?4 whose lease.
UPDATE job SET lease_id = ?4, lease_until = ?3
 WHERE site = ?1
   AND id = (SELECT id FROM job WHERE site = ?1 AND state = 'open' AND next_at <= ?2 AND lease_until <= ?2
              ORDER BY next_at, id LIMIT 1)
RETURNING id, spec, cursor, seen, done, skipped, failed, stumbles, created_by
