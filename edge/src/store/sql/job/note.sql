-- ?3: a JSON array of {page, failed, reason}. At most about ?4 are kept.
INSERT INTO job_page (site, job, page, failed, reason)
SELECT ?1, ?2, note.value ->> 'page', note.value ->> 'failed', note.value ->> 'reason' FROM json_each(?3) AS note
 WHERE (SELECT COUNT(*) FROM job_page WHERE site = ?1 AND job = ?2) + note.key < ?4
ON CONFLICT (site, job, page) DO UPDATE SET failed = excluded.failed, reason = excluded.reason
