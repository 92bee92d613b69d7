INSERT INTO dashboard (site, page, space, state, latest_version, approved_version, changed, waiting, entered_at, seq,
                       workflow, workflow_version, expires_at, next_due, ended)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
ON CONFLICT (site, page) DO UPDATE SET
  space = excluded.space, state = excluded.state, latest_version = excluded.latest_version,
  approved_version = excluded.approved_version, changed = excluded.changed, waiting = excluded.waiting,
  entered_at = excluded.entered_at, seq = excluded.seq, workflow = excluded.workflow,
  workflow_version = excluded.workflow_version, expires_at = excluded.expires_at, next_due = excluded.next_due,
  ended = excluded.ended
 WHERE excluded.seq >= dashboard.seq
