-- Time: what the clock has to do, people's time zones, and the mails they want.

-- What is to be done at a time. A page's timers follow from its stream and can be made again; a digest's follow from the
-- person's setting. Putting one twice changes nothing.
CREATE TABLE timer (
  site   TEXT    NOT NULL,
  -- Empty for a digest.
  page   TEXT    NOT NULL,
  kind   TEXT    NOT NULL CHECK (kind IN ('expiry', 'due', 'reminder', 'digest')),
  -- Who is reminded, or gets the digest; else empty.
  person TEXT    NOT NULL,
  -- Of which approval; else empty.
  detail TEXT    NOT NULL,
  -- Which of the approval's reminders; else 0.
  nth    INTEGER NOT NULL,
  -- The seq at which the page's state was entered: timers of a state that was left are void.
  seq    INTEGER NOT NULL,
  at     INTEGER NOT NULL,
  -- 1 once it went off. Kept, so that it does not go off again when the page's timers are made anew.
  fired  INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (site, page, kind, person, detail, nth, seq)
) STRICT, WITHOUT ROWID;
-- Without the site first: the clock asks which sites have something due.
CREATE INDEX timer_due ON timer (at, site) WHERE fired = 0;
-- And then what is due on one.
CREATE INDEX timer_due_on_site ON timer (site, at) WHERE fired = 0;
CREATE INDEX timer_of_person ON timer (site, person) WHERE person <> '';

-- People's time zones, as Confluence said when it was last asked.
CREATE TABLE zone (
  site    TEXT    NOT NULL,
  person  TEXT    NOT NULL,
  -- By the tz database; empty if the person keeps it to themselves.
  zone    TEXT    NOT NULL,
  read_at INTEGER NOT NULL,
  PRIMARY KEY (site, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX zone_by_age ON zone (site, read_at);

-- What people set for themselves. No row: as it comes.
CREATE TABLE personal (
  site   TEXT NOT NULL,
  person TEXT NOT NULL,
  -- engine::wire::me::Digest.
  digest TEXT NOT NULL CHECK (digest IN ('off', 'daily', 'weekly')),
  PRIMARY KEY (site, person)
) STRICT, WITHOUT ROWID;
