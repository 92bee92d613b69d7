-- Many pages signed together. What confirms them once is a session of its own kind: good for the list it was begun for, and
-- for nothing else. It ends as any other does.

-- The nonce of the list's challenge; NULL: a session for whatever the policy lets it count for.
ALTER TABLE session ADD COLUMN list TEXT;
-- What was used up with the factor; only of a list.
ALTER TABLE session ADD COLUMN step INTEGER;
-- A list is opened once.
CREATE UNIQUE INDEX session_by_list ON session (site, person, list) WHERE list IS NOT NULL;

-- A factor that was used for a list was used for each page of it.
DROP TRIGGER approver_follows_the_journal;
DROP VIEW approving;
CREATE VIEW approving (site, stream, seq, person, asked_at, decided_at, used_at) AS
  SELECT entered.site, entered.stream, entered.seq, asked.value -> '$.person' ->> 'account', entered.at, 0, 0
    FROM journal AS entered, json_each(entered.entry, '$.event.review.asked') AS approval,
         json_each(approval.value, '$.people') AS asked
   WHERE entered.kind = 'state-entered' AND asked.value -> '$.via' ->> 'is' <> 'group'
  UNION ALL
  SELECT site, stream, seq, entry -> '$.event.to' ->> 'account', at, 0, 0 FROM journal
   WHERE kind = 'reassigned' AND entry IS NOT NULL
  UNION ALL
  -- Used: a factor of their own, and no session that stands for it.
  SELECT site, stream, seq, entry -> '$.event.by' ->> 'account', 0, at,
         CASE WHEN COALESCE(entry -> '$.event.proof' ->> 'factor', entry -> '$.event.proof.bulk' ->> 'opened') IS NULL
              THEN 0 ELSE at END
    FROM journal WHERE kind = 'decided' AND entry IS NOT NULL AND entry -> '$.event' ->> 'invited' IS NULL;

CREATE TRIGGER approver_follows_the_journal AFTER INSERT ON journal
WHEN NEW.kind IN ('state-entered', 'reassigned', 'decided')
BEGIN
  INSERT INTO approver (site, person, asked_at, decided_at, used_at)
  SELECT site, person, asked_at, decided_at, used_at FROM approving
   WHERE site = NEW.site AND stream = NEW.stream AND seq = NEW.seq
  ON CONFLICT (site, person) DO UPDATE SET
    asked_at = MAX(asked_at, excluded.asked_at), decided_at = MAX(decided_at, excluded.decided_at),
    used_at = MAX(used_at, excluded.used_at);
END;
