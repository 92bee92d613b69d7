SELECT page, failed, reason FROM job_page WHERE site = ?1 AND job = ?2 ORDER BY failed DESC, page LIMIT ?3
