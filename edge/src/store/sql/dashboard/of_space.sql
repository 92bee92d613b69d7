SELECT page, space, state, latest_version, approved_version, changed, waiting, entered_at, seq,
       workflow, workflow_version, expires_at, next_due, ended
  FROM dashboard WHERE site = ?1 AND space = ?2 AND ended = 0 ORDER BY entered_at DESC LIMIT ?3
