INSERT INTO dashboard (site, page, space, state, latest_version, approved_version, changed, waiting, entered_at, seq)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
ON CONFLICT (site, page) DO UPDATE SET
  space = excluded.space, state = excluded.state, latest_version = excluded.latest_version,
  approved_version = excluded.approved_version, changed = excluded.changed, waiting = excluded.waiting,
  entered_at = excluded.entered_at, seq = excluded.seq
 WHERE excluded.seq >= dashboard.seq
