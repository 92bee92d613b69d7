INSERT INTO byline (site, page, written) VALUES (?1, ?2, ?3)
ON CONFLICT (site, page) DO UPDATE SET written = excluded.written, writing = NULL, reported = NULL
