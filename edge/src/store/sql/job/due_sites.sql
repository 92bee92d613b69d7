-- Which sites have a job to go on with. It gives back nothing but their names.
SELECT site FROM job INDEXED BY job_due WHERE state = 'open' AND next_at <= ?1 AND lease_until <= ?1
 GROUP BY site ORDER BY MIN(next_at) LIMIT ?2
