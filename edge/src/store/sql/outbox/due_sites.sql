-- The one query over all sites: which of them have something due. It gives back nothing but their names.
SELECT site FROM outbox WHERE state = 'open' AND next_at <= ?1 GROUP BY site ORDER BY MIN(next_at) LIMIT ?2
