-- A new code in place of any other. Times up to ?7 are forgotten.
UPDATE invitation
   SET code_hmac = ?3, code_sealed = ?4, code_expires_at = ?5,
       codes = (SELECT json_group_array(at) FROM
                 (SELECT value AS at FROM json_each(invitation.codes) WHERE value > ?7 UNION ALL SELECT CAST(?6 AS INTEGER)))
 WHERE site = ?1 AND id = ?2
