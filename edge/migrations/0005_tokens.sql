-- Several factors a person, with names and an end; what confirms a challenge later or elsewhere; step-up sessions;
-- recovery codes.

-- The row of `text` that holds what its owner calls it; empty: it has no name.
ALTER TABLE factor ADD COLUMN name TEXT NOT NULL DEFAULT '';
-- After this it counts only once it was renewed. NULL: never.
ALTER TABLE factor ADD COLUMN expires_at INTEGER;
ALTER TABLE factor ADD COLUMN last_used_at INTEGER;
-- When it was removed or revoked; `active` is 0 from then on, and the secret is gone.
ALTER TABLE factor ADD COLUMN ended_at INTEGER;

-- What is being set up: 'totp' or 'passkey'.
ALTER TABLE enrolment ADD COLUMN kind TEXT NOT NULL DEFAULT 'totp';
-- What its owner calls it.
ALTER TABLE enrolment ADD COLUMN name TEXT NOT NULL DEFAULT '';
-- engine::audit::fact::EnrolmentProof: how its owner proved to be one.
ALTER TABLE enrolment ADD COLUMN proved_by TEXT;

-- For a while after a confirmation another one is not asked for. What it is good for is decided by the policy in force when
-- it is used; `until_at` only says when the row can be swept away.
CREATE TABLE session (
  site     TEXT    NOT NULL,
  person   TEXT    NOT NULL,
  id       TEXT    NOT NULL,
  -- By which factor it was begun.
  factor   TEXT    NOT NULL,
  kind     TEXT    NOT NULL,
  began_at INTEGER NOT NULL,
  until_at INTEGER NOT NULL,
  -- Ended before its time: a lock, a change of factors, "this wasn't me".
  ended_at INTEGER,
  PRIMARY KEY (site, person, id)
) STRICT, WITHOUT ROWID;

-- Challenges that are confirmed by something that takes its time: a mailed code, or a passkey on a page of our own. One per
-- person and scope (a page, or an act); a newer one takes the place of an older.
CREATE TABLE pending (
  site       TEXT    NOT NULL,
  person     TEXT    NOT NULL,
  -- 'page/<id>' or 'act/<act>'.
  scope      TEXT    NOT NULL,
  -- Of the challenge.
  nonce      TEXT    NOT NULL,
  kind       TEXT    NOT NULL CHECK (kind IN ('mail-code', 'passkey')),
  -- 'waiting'; 'proved': the factor was verified and waits for the request it confirms; 'used'.
  state      TEXT    NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'proved', 'used')),
  -- The token itself, sealed: whoever reads the database must not be able to use it.
  challenge  TEXT    NOT NULL,
  -- What its owner typed, sealed, so that closing the window loses nothing.
  comment    TEXT,
  -- A mailed code: its HMAC, and the code sealed for the mail.
  code_hmac  TEXT,
  code       TEXT,
  -- What proved it.
  factor     TEXT,
  step       INTEGER,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (site, person, scope)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX pending_by_nonce ON pending (site, nonce);
CREATE INDEX pending_by_expiry ON pending (site, expires_at);

-- Codes that prove a person who lost their factors: once each.
CREATE TABLE recovery_code (
  site    TEXT    NOT NULL,
  person  TEXT    NOT NULL,
  id      TEXT    NOT NULL,
  -- '<key id>.<HMAC-SHA-256>': 120 random bits need no slow hash.
  hmac    TEXT    NOT NULL,
  made_at INTEGER NOT NULL,
  used_at INTEGER,
  PRIMARY KEY (site, person, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX recovery_code_by_hmac ON recovery_code (site, hmac);
