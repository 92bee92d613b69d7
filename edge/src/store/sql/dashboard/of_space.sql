SELECT page, space, state, latest_version, approved_version, changed, waiting, entered_at, seq FROM dashboard
 WHERE site = ?1 AND space = ?2 ORDER BY entered_at DESC LIMIT ?3
