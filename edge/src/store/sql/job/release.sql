-- Nobody is at it any more. ?6: whether this portion came to nothing.
UPDATE job SET next_at = ?4, last_error = ?5, stumbles = stumbles + ?6, lease_id = NULL, lease_until = 0
 WHERE site = ?1 AND id = ?2 AND lease_id = ?3 AND state = 'open'
