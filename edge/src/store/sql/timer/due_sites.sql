-- A query over all sites: which of them have a timer that is due. It gives back nothing but their names.
SELECT site FROM timer INDEXED BY timer_due WHERE fired = 0 AND at <= ?1 GROUP BY site ORDER BY MIN(at) LIMIT ?2
