-- Work on many pages, in portions.

-- Begun and ended are facts in the journal; this row is how far it is.
CREATE TABLE job (
  site        TEXT    NOT NULL,
  id          TEXT    NOT NULL,
  -- engine::wire::jobs::JobSpec as JSON.
  spec        TEXT    NOT NULL,
  state       TEXT    NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'failed', 'cancelled')),
  -- Where to go on. It moves in the batch that holds the pages' entries. NULL: at the beginning.
  cursor      TEXT,
  -- How many pages there are to look at, where that is known.
  total       INTEGER,
  seen        INTEGER NOT NULL DEFAULT 0,
  done        INTEGER NOT NULL DEFAULT 0,
  skipped     INTEGER NOT NULL DEFAULT 0,
  failed      INTEGER NOT NULL DEFAULT 0,
  created_by  TEXT    NOT NULL,
  created_at  INTEGER NOT NULL,
  ended_at    INTEGER,
  next_at     INTEGER NOT NULL,
  -- Who is at it. NULL: nobody.
  lease_id    TEXT,
  lease_until INTEGER NOT NULL DEFAULT 0,
  -- Portions in a row that came to nothing.
  stumbles    INTEGER NOT NULL DEFAULT 0,
  -- A classified word, never somebody else's text.
  last_error  TEXT,
  PRIMARY KEY (site, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX job_due ON job (next_at, site, lease_until) WHERE state = 'open';

-- Pages a job passed over or could not do, with the reason; not all of very many.
CREATE TABLE job_page (
  site   TEXT    NOT NULL,
  job    TEXT    NOT NULL,
  page   TEXT    NOT NULL,
  failed INTEGER NOT NULL,
  reason TEXT    NOT NULL,
  PRIMARY KEY (site, job, page)
) STRICT, WITHOUT ROWID;

-- Whether a page was taken out of its workflow: then it is none of the workflow's pages.
ALTER TABLE dashboard ADD COLUMN ended INTEGER NOT NULL DEFAULT 0;
