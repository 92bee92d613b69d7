-- Confluence forgot where its list was. Pages done before are passed over the second time.
UPDATE job SET cursor = NULL, seen = 0, skipped = 0, failed = 0
 WHERE site = ?1 AND id = ?2 AND lease_id = ?3 AND state = 'open'
