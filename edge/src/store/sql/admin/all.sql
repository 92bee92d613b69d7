-- Whoever installed the app, and the admins seen last.
SELECT person FROM (
  SELECT installed_by AS person, 9007199254740991 AS seen_at FROM installation
   WHERE site = ?1 AND installed_by IS NOT NULL
  UNION ALL SELECT person, seen_at FROM admin WHERE site = ?1 AND seen_at > ?2)
 GROUP BY person ORDER BY MAX(seen_at) DESC LIMIT ?3
