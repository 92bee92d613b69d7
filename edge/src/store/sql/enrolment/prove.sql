UPDATE enrolment SET stage = 'proved', proved_by = ?4, mail_code_sealed = NULL, secret_sealed = ?5, expires_at = ?6
 WHERE site = ?1 AND person = ?2 AND id = ?3
