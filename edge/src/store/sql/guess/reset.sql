-- Only a success does this. Somebody held stays held.
UPDATE guess SET failures = 0, locked_until = 0 WHERE site = ?1 AND person = ?2
