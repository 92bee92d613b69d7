-- ?2: a JSON array of rows, with names as the table has them.
INSERT INTO dashboard (site, page, space, state, latest_version, approved_version, changed, waiting, entered_at, seq,
                       workflow, workflow_version, expires_at, next_due, ended)
SELECT ?1, wanted.value ->> 'page', wanted.value ->> 'space', wanted.value ->> 'state',
       wanted.value ->> 'latest_version', wanted.value ->> 'approved_version', wanted.value ->> 'changed',
       wanted.value ->> 'waiting', wanted.value ->> 'entered_at', wanted.value ->> 'seq', wanted.value ->> 'workflow',
       wanted.value ->> 'workflow_version', wanted.value ->> 'expires_at', wanted.value ->> 'next_due',
       wanted.value ->> 'ended'
  FROM json_each(?2) AS wanted WHERE true
ON CONFLICT (site, page) DO UPDATE SET
  space = excluded.space, state = excluded.state, latest_version = excluded.latest_version,
  approved_version = excluded.approved_version, changed = excluded.changed, waiting = excluded.waiting,
  entered_at = excluded.entered_at, seq = excluded.seq, workflow = excluded.workflow,
  workflow_version = excluded.workflow_version, expires_at = excluded.expires_at, next_due = excluded.next_due,
  ended = excluded.ended
 WHERE excluded.seq >= dashboard.seq
