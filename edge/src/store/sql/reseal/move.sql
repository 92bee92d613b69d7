UPDATE reseal SET place = ?2, person = ?3, id = ?4, unopened = unopened + ?5, next_at = ?6 WHERE site = ?1
