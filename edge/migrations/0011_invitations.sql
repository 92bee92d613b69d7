-- People without an account who are asked to decide on a version: who they are, and their invitations.

-- One row for each mail address, so that a factor, a counter and a lock are the same from one invitation to the next. What
-- stands for them everywhere else is 'invited:' and the id.
CREATE TABLE invited (
  site           TEXT    NOT NULL,
  id             TEXT    NOT NULL,
  -- HMAC of the address under the key in `invited_key`. NULL once they were erased: whoever is invited at that address later
  -- is somebody new.
  lookup         TEXT,
  -- The address, and the salt of its commitment, sealed. Empty once they were erased.
  address_sealed TEXT    NOT NULL DEFAULT '',
  -- The row of `text` that holds their name as it was written last.
  name           TEXT    NOT NULL,
  invited_at     INTEGER NOT NULL,
  erased_at      INTEGER,
  PRIMARY KEY (site, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX invited_by_lookup ON invited (site, lookup) WHERE lookup IS NOT NULL;
CREATE INDEX invited_by_time ON invited (site, invited_at, id);

-- With what addresses are looked up: a random key of the site, sealed. It stays the same when the Worker's keys change.
CREATE TABLE invited_key (
  site       TEXT NOT NULL PRIMARY KEY,
  key_sealed TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Whether it stands is the page's journal to say, from which these rows follow; here is what the way to it takes.
CREATE TABLE invitation (
  site            TEXT    NOT NULL,
  id              TEXT    NOT NULL,
  page            TEXT    NOT NULL,
  approval        TEXT    NOT NULL,
  -- 'invited:<id>'.
  person          TEXT    NOT NULL,
  -- The row of `text` that holds their name as this invitation wrote it.
  name            TEXT    NOT NULL,
  -- Who invited them.
  inviter         TEXT    NOT NULL,
  invited_at      INTEGER NOT NULL,
  until_at        INTEGER NOT NULL,
  -- When it was answered, revoked or replaced, or its review ended. Until then it waits, even where `until_at` is over.
  ended_at        INTEGER,
  -- The newest mailed code: its HMAC, itself sealed for the mail, and its end. A code counts once.
  code_hmac       TEXT    NOT NULL DEFAULT '',
  code_sealed     TEXT    NOT NULL DEFAULT '',
  code_expires_at INTEGER NOT NULL DEFAULT 0,
  -- When codes were mailed in the last day: a JSON array.
  codes           TEXT    NOT NULL DEFAULT '[]',
  -- The nonce of the newest visit; an older one shows nothing any more.
  visit           TEXT    NOT NULL DEFAULT '',
  PRIMARY KEY (site, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX invitation_of_person ON invitation (site, person, invited_at);
CREATE INDEX invitation_waiting ON invitation (site, page) WHERE ended_at IS NULL;

-- In the very batch that appends the entry. Whoever is invited again is asked no longer by what ran out.
CREATE TRIGGER invitation_follows_the_journal AFTER INSERT ON journal
WHEN NEW.kind = 'invited'
BEGIN
  UPDATE invitation SET ended_at = NEW.at, code_hmac = '', code_sealed = '', code_expires_at = 0
   WHERE site = NEW.site AND page = substr(NEW.stream, 6) AND ended_at IS NULL
     AND approval = NEW.entry ->> '$.event.approval' AND person = NEW.entry ->> '$.event.person.account';
  INSERT INTO invitation (site, id, page, approval, person, name, inviter, invited_at, until_at)
  VALUES (NEW.site, NEW.entry ->> '$.event.invitation', substr(NEW.stream, 6), NEW.entry ->> '$.event.approval',
          NEW.entry ->> '$.event.person.account', NEW.entry ->> '$.event.person.name.text',
          NEW.entry ->> '$.event.by.account', NEW.at, NEW.entry ->> '$.event.until');
END;

CREATE TRIGGER invitation_is_answered AFTER INSERT ON journal
WHEN NEW.kind IN ('decided', 'abstained', 'invitation-revoked')
BEGIN
  UPDATE invitation SET ended_at = NEW.at, code_hmac = '', code_sealed = '', code_expires_at = 0
   WHERE site = NEW.site AND ended_at IS NULL
     AND id = COALESCE(NEW.entry ->> '$.event.invited.invitation', NEW.entry ->> '$.event.invitation');
END;

CREATE TRIGGER invitations_end_with_the_review AFTER INSERT ON journal
WHEN NEW.kind IN ('state-entered', 'workflow-started', 'workflow-ended')
BEGIN
  UPDATE invitation SET ended_at = NEW.at, code_hmac = '', code_sealed = '', code_expires_at = 0
   WHERE site = NEW.site AND page = substr(NEW.stream, 6) AND ended_at IS NULL;
END;

-- What is sealed.
CREATE VIEW sealed_invited (site, place, person, id, body) AS
  SELECT site, 'invitation-code', person, id, code_sealed FROM invitation WHERE code_sealed <> ''
  UNION ALL
  SELECT site, 'invited-address', '', id, address_sealed FROM invited WHERE address_sealed <> ''
  UNION ALL
  SELECT site, 'invited-key', '', 'lookup', key_sealed FROM invited_key WHERE key_sealed <> '';

DROP VIEW sealed;
CREATE VIEW sealed (site, place, person, id, body) AS
  SELECT site, place, person, id, body FROM sealed_site
  UNION ALL
  SELECT site, 'factor', person, id, secret FROM factor WHERE secret <> ''
  UNION ALL
  SELECT site, place, person, id, body FROM sealed_enrolment
  UNION ALL
  SELECT site, place, person, id, body FROM sealed_pending
  UNION ALL
  SELECT site, place, person, id, body FROM sealed_invited;

-- Whoever has no account is no approver whom an admin could remind or reset: they have a list of their own.
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
         CASE WHEN entry -> '$.event.proof' ->> 'factor' IS NULL THEN 0 ELSE at END
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
