UPDATE factor SET name = ?4 WHERE site = ?1 AND person = ?2 AND id = ?3 AND active = 1
