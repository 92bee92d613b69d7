DELETE FROM enrolment WHERE site = ?1 AND person = ?2 AND id = ?3
