-- Every name they were invited by, and what they called their factors.
UPDATE text SET salt = NULL, body = NULL, erased_at = ?4
 WHERE site = ?1 AND erased_at IS NULL
   AND id IN (SELECT name FROM invitation WHERE site = ?1 AND person = ?2
              UNION SELECT name FROM invited WHERE site = ?1 AND id = ?3
              UNION SELECT name FROM factor WHERE site = ?1 AND person = ?2)
