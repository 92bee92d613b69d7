DELETE FROM enrolment WHERE site = ?1 AND person = ?2
