UPDATE enrolment SET stage = 'proved', mail_code_sealed = NULL, secret_sealed = ?4, expires_at = ?5
 WHERE site = ?1 AND person = ?2 AND id = ?3
