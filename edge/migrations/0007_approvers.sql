-- Who approves: whom workflows asked by name, who decided. For what admins see of everybody's factors.

-- What the journal says of it, one row for each time. Members of groups are left out: a group asks whoever is in it when
-- somebody looks, and nobody who has left it.
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
         CASE WHEN entry -> '$.event.proof' ->> 'factor' IS NULL THEN 0 ELSE at END
    FROM journal WHERE kind = 'decided' AND entry IS NOT NULL;

-- The last time of each, 0: never. Rebuildable from the journal by the INSERT below.
CREATE TABLE approver (
  site       TEXT    NOT NULL,
  person     TEXT    NOT NULL,
  asked_at   INTEGER NOT NULL,
  decided_at INTEGER NOT NULL,
  used_at    INTEGER NOT NULL,
  PRIMARY KEY (site, person)
) STRICT, WITHOUT ROWID;

-- In the very batch that appends the entry, whoever writes it.
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

-- What is in the journal already.
INSERT INTO approver (site, person, asked_at, decided_at, used_at)
SELECT site, person, MAX(asked_at), MAX(decided_at), MAX(used_at) FROM approving GROUP BY site, person;

-- When an admin last reminded somebody to set up a factor.
CREATE TABLE reminder (
  site   TEXT    NOT NULL,
  person TEXT    NOT NULL,
  at     INTEGER NOT NULL,
  PRIMARY KEY (site, person)
) STRICT, WITHOUT ROWID;
