-- The whole of Countersign's data in D1.
--
-- Every table begins with the site, and no query leaves it out: nothing of one site is reachable from another.
-- Times are milliseconds since 1970-01-01T00:00:00Z. Integers stay below 2^53, because they pass through JavaScript
-- numbers; hashes, nonces and sealed secrets are TEXT for the same reason. Flags are 0 or 1.

-- ── The journal: the truth. Everything else can be rebuilt from it or is a secret, a counter or a queue. ────────────

-- WITHOUT ROWID on purpose: with a hidden rowid, `INSERT OR REPLACE` naming an old rowid would silently delete that
-- row, and no trigger would fire.
CREATE TABLE journal (
  site     TEXT    NOT NULL,
  stream   TEXT    NOT NULL,
  seq      INTEGER NOT NULL,
  position INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  kind     TEXT    NOT NULL,
  -- Canonical bytes of the entry. Nullable because retention may clear a body one day; the leaf stays.
  entry    TEXT,
  -- SHA-256(0x00 || entry), hexadecimal.
  leaf     TEXT    NOT NULL,
  PRIMARY KEY (site, stream, seq),
  UNIQUE (site, position)
) STRICT, WITHOUT ROWID;

-- SQLite's REPLACE, IGNORE and upsert get round delete and update triggers, but not round this one: whatever the
-- conflict clause says, a row that is not the next one is refused before anything is compared with it.
CREATE TRIGGER journal_takes_only_the_next BEFORE INSERT ON journal
BEGIN
  SELECT RAISE(ABORT, 'seq')
   WHERE NEW.seq IS NOT 1 + COALESCE((SELECT MAX(seq) FROM journal WHERE site = NEW.site AND stream = NEW.stream), 0);
  SELECT RAISE(ABORT, 'position')
   WHERE NEW.position IS NOT 1 + COALESCE((SELECT MAX(position) FROM journal WHERE site = NEW.site), -1);
  SELECT RAISE(ABORT, 'entry') WHERE NEW.entry IS NULL;
END;

CREATE TRIGGER journal_is_never_changed BEFORE UPDATE ON journal
BEGIN
  SELECT RAISE(ABORT, 'append-only');
END;

CREATE TRIGGER journal_is_never_cut BEFORE DELETE ON journal
BEGIN
  SELECT RAISE(ABORT, 'append-only');
END;

-- ── Preconditions ───────────────────────────────────────────────────────────────────────────────────────────────────

-- A statement that matches no row does not abort a batch. Inserting here does, unless `ok` is 1: that is how a commit
-- states what must still be true. The word in `what` is all that the Worker learns.
CREATE VIEW require (ok, what) AS SELECT 1, '' WHERE 0;

CREATE TRIGGER require_or_abort INSTEAD OF INSERT ON require WHEN NEW.ok IS NOT 1
BEGIN
  SELECT RAISE(ABORT, NEW.what);
END;

-- ── Copies of the journal, written in the same batch ────────────────────────────────────────────────────────────────

-- The fold of a stream up to `seq`. A foreign `format` is ignored and folded anew.
CREATE TABLE snapshot (
  site   TEXT    NOT NULL,
  stream TEXT    NOT NULL,
  seq    INTEGER NOT NULL,
  format INTEGER NOT NULL,
  fold   TEXT    NOT NULL,
  PRIMARY KEY (site, stream)
) STRICT, WITHOUT ROWID;

-- What lists of pages show.
CREATE TABLE dashboard (
  site             TEXT    NOT NULL,
  page             TEXT    NOT NULL,
  space            TEXT    NOT NULL,
  -- engine::wire::status::StateLabel as JSON.
  state            TEXT    NOT NULL,
  latest_version   INTEGER,
  approved_version INTEGER,
  changed          INTEGER NOT NULL,
  -- Who is asked and who has decided, as JSON.
  waiting          TEXT    NOT NULL,
  entered_at       INTEGER NOT NULL,
  -- The head of the page's stream this row reflects.
  seq              INTEGER NOT NULL,
  PRIMARY KEY (site, page)
) STRICT, WITHOUT ROWID;
CREATE INDEX dashboard_by_space ON dashboard (site, space, entered_at);

-- ── Personal text: may be erased, while the journal keeps a salted commitment of it ─────────────────────────────────

CREATE TABLE text (
  site      TEXT NOT NULL,
  id        TEXT NOT NULL,
  -- 128 random bits, hexadecimal. Erased together with the body: without it the commitment says nothing.
  salt      TEXT,
  body      TEXT,
  erased_at INTEGER,
  PRIMARY KEY (site, id)
) STRICT, WITHOUT ROWID;

-- ── Approval tokens ─────────────────────────────────────────────────────────────────────────────────────────────────

CREATE TABLE factor (
  site        TEXT    NOT NULL,
  person      TEXT    NOT NULL,
  id          TEXT    NOT NULL,
  kind        TEXT    NOT NULL,
  -- Encrypted under a key of the Worker.
  secret      TEXT    NOT NULL,
  -- The time step of the last accepted code. A code is accepted only if its step is higher.
  last_step   INTEGER NOT NULL,
  active      INTEGER NOT NULL,
  enrolled_at INTEGER NOT NULL,
  PRIMARY KEY (site, person, id)
) STRICT, WITHOUT ROWID;

-- One enrolment under way per person; a new one takes its place.
CREATE TABLE enrolment (
  site             TEXT    NOT NULL,
  person           TEXT    NOT NULL,
  id               TEXT    NOT NULL,
  -- 'mailed', then 'proved' once the mailed code was entered.
  stage            TEXT    NOT NULL,
  mail_code_hmac   TEXT    NOT NULL,
  -- For the outbox, which has to put it into the mail. Cleared once it was entered.
  mail_code_sealed TEXT,
  secret_sealed    TEXT,
  created_at       INTEGER NOT NULL,
  expires_at       INTEGER NOT NULL,
  PRIMARY KEY (site, person)
) STRICT, WITHOUT ROWID;

-- Mails asked for, so that nobody's mailbox is flooded. Rows older than the window are swept away.
CREATE TABLE mail_asked (
  site   TEXT    NOT NULL,
  person TEXT    NOT NULL,
  id     TEXT    NOT NULL,
  at     INTEGER NOT NULL,
  PRIMARY KEY (site, person, id)
) STRICT, WITHOUT ROWID;

-- Attempts in a row without success: one counter per person over everything.
CREATE TABLE guess (
  site         TEXT    NOT NULL,
  person       TEXT    NOT NULL,
  failures     INTEGER NOT NULL,
  locked_until INTEGER NOT NULL,
  held         INTEGER NOT NULL,
  PRIMARY KEY (site, person)
) STRICT, WITHOUT ROWID;

-- Challenges that were used, with the entry they led to, so that a repeated request gets the same answer.
CREATE TABLE consumed (
  site       TEXT    NOT NULL,
  nonce      TEXT    NOT NULL,
  person     TEXT    NOT NULL,
  -- SHA-256 of the challenge's record, hexadecimal.
  digest     TEXT    NOT NULL,
  stream     TEXT    NOT NULL,
  seq        INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (site, nonce)
) STRICT, WITHOUT ROWID;
CREATE INDEX consumed_by_expiry ON consumed (site, expires_at);

-- ── The site itself ─────────────────────────────────────────────────────────────────────────────────────────────────

CREATE TABLE installation (
  site             TEXT    NOT NULL PRIMARY KEY,
  installation     TEXT    NOT NULL,
  cloud_id         TEXT    NOT NULL,
  -- The app's token, encrypted; only platform calls bring one.
  app_token_sealed TEXT,
  token_exp        INTEGER,
  -- The app's own account, once it was learned.
  app_account      TEXT,
  last_heard_at    INTEGER NOT NULL,
  licence_active   INTEGER NOT NULL,
  installed_by     TEXT,
  -- Where the next look over the pages begins.
  look_from        TEXT    NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

-- Confluence admins who were checked as such; they are told of locks.
CREATE TABLE admin (
  site    TEXT    NOT NULL,
  person  TEXT    NOT NULL,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (site, person)
) STRICT, WITHOUT ROWID;

-- ── Outbox: what is still to be done outside ────────────────────────────────────────────────────────────────────────

CREATE TABLE outbox (
  site        TEXT    NOT NULL,
  -- Grows in the order of commits; never used twice.
  id          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  -- Rows of one lane are carried out in order, one at a time.
  lane        TEXT    NOT NULL,
  -- engine::effect::Effect as JSON.
  effect      TEXT    NOT NULL,
  -- Idempotency key towards whoever receives the effect.
  key         TEXT    NOT NULL,
  created_at  INTEGER NOT NULL,
  next_at     INTEGER NOT NULL,
  -- Counted when claimed, so that an effect which kills the Worker is given up in the end.
  attempts    INTEGER NOT NULL DEFAULT 0,
  tried_at    INTEGER,
  -- Who is at it. NULL: nobody.
  lease_id    TEXT,
  lease_until INTEGER NOT NULL DEFAULT 0,
  state       TEXT    NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'failed')),
  -- A classified word, never somebody else's text.
  last_error  TEXT
) STRICT;
-- The oldest open row of each lane; and, without the site, which sites have something due.
CREATE INDEX outbox_open ON outbox (site, lane, id) WHERE state = 'open';
CREATE INDEX outbox_due ON outbox (next_at, site) WHERE state = 'open';
CREATE INDEX outbox_failed ON outbox (site, id) WHERE state = 'failed';
CREATE INDEX outbox_done ON outbox (site, tried_at) WHERE state = 'done';

-- What we wrote into a page's byline property, to tell our own hand from somebody else's.
CREATE TABLE byline (
  site     TEXT NOT NULL,
  page     TEXT NOT NULL,
  -- The value last written.
  written  TEXT,
  -- A value about to be written: if the Worker dies half-way, it is still ours.
  writing  TEXT,
  -- The foreign value journalled as altered, so that a retry doesn't journal it again.
  reported TEXT,
  PRIMARY KEY (site, page)
) STRICT, WITHOUT ROWID;
