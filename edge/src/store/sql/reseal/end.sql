-- ?3 'done' or 'stuck'; ?4 the key everything is under now, if it is; ?6 when to look again.
UPDATE reseal SET ring = ?2, state = ?3, place = '', person = '', id = '', settled = COALESCE(?4, settled), newest_since = ?5,
                  ended_at = ?7, next_at = ?6
 WHERE site = ?1
