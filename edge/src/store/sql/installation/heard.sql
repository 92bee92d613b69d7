-- A platform call came. A token replaces only one that ends earlier; what this call doesn't say stays as it was.
INSERT INTO installation (site, installation, cloud_id, app_token_sealed, token_exp, last_heard_at, licence_active, installed_by)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (site) DO UPDATE SET
  installation = excluded.installation, cloud_id = excluded.cloud_id,
  app_token_sealed = CASE WHEN excluded.token_exp > COALESCE(installation.token_exp, 0)
    OR (excluded.installation <> installation.installation AND excluded.token_exp IS NOT NULL) THEN excluded.app_token_sealed ELSE installation.app_token_sealed END,
  token_exp = CASE WHEN excluded.token_exp > COALESCE(installation.token_exp, 0)
    OR (excluded.installation <> installation.installation AND excluded.token_exp IS NOT NULL) THEN
    excluded.token_exp ELSE installation.token_exp END,
  last_heard_at = MAX(excluded.last_heard_at, installation.last_heard_at),
  licence_active = excluded.licence_active,
  installed_by = COALESCE(excluded.installed_by, installation.installed_by)
