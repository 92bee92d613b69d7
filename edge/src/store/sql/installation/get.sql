SELECT installation, cloud_id, app_token_sealed, token_exp, app_account, last_heard_at, licence_active, installed_by
  FROM installation WHERE site = ?1
