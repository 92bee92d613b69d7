INSERT INTO require (ok, what)
SELECT EXISTS (SELECT 1 FROM enrolment
                WHERE site = ?1 AND person = ?2 AND id = ?3 AND stage = ?4 AND expires_at > ?5), 'enrolment'
