UPDATE factor SET last_step = ?4 WHERE site = ?1 AND person = ?2 AND id = ?3 AND last_step < ?4
