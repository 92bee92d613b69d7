UPDATE reseal SET ring = ?2, state = 'open', place = '', person = '', id = '', total = ?3, resealed = ?4, unopened = 0,
                  newest_since = ?5, ended_at = NULL, next_at = ?6
 WHERE site = ?1
