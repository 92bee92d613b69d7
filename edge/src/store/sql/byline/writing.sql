INSERT INTO byline (site, page, writing, reported) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (site, page) DO UPDATE SET writing = excluded.writing, reported = COALESCE(excluded.reported, byline.reported)
