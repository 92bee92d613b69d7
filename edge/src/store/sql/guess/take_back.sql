-- The attempt that led to ?3 was right, but shows nothing about the codes that were wrong before: it alone is taken back.
UPDATE guess SET failures = MAX(failures - 1, 0), locked_until = CASE WHEN locked_until = ?3 THEN 0 ELSE locked_until END
 WHERE site = ?1 AND person = ?2
