-- A token has come: whatever waited for one may go on.
UPDATE job SET next_at = ?2 WHERE site = ?1 AND state = 'open' AND last_error = ?3 AND next_at > ?2
