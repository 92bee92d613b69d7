-- The oldest open row of each lane, unless somebody is at it or it is not due: later rows of the lane wait for it. Only a
-- row that waits for the app's token (?6) lets others pass, since the copy for viewers needs none; and whatever never
-- waited for one comes first.
-- ?2 now, ?3 end of the lease, ?4 whose lease, ?5 how many lanes at most.
UPDATE outbox SET lease_id = ?4, lease_until = ?3, attempts = attempts + 1, tried_at = ?2
 WHERE id IN (SELECT first.id FROM outbox AS first
               JOIN (SELECT MIN(id) AS id FROM outbox
                      WHERE site = ?1 AND state = 'open' AND NOT (next_at > ?2 AND last_error IS ?6)
                      GROUP BY lane) AS oldest
                 ON first.id = oldest.id
               WHERE first.site = ?1 AND first.state = 'open' AND first.lease_until <= ?2 AND first.next_at <= ?2
               ORDER BY first.last_error IS ?6, first.id LIMIT ?5)
   AND site = ?1
RETURNING id, effect, key, created_at, attempts
