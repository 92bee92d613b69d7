-- Confluence refused this very token, or the installation is being closed.
UPDATE installation SET app_token_sealed = NULL, token_exp = NULL WHERE site = ?1 AND (?2 IS NULL OR app_token_sealed = ?2)
