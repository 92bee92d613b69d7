-- Never goes back to an earlier version.
INSERT INTO workflow (site, id, name, version, standing) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (site, id) DO UPDATE SET name = excluded.name, version = excluded.version, standing = excluded.standing
 WHERE excluded.version >= workflow.version
