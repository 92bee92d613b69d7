-- Keys: what is sealed under a key of the Worker, and how far a site is on its way to the newest one.

-- What recovery codes are kept under cannot be made anew without the codes. So before a key is taken away its sub-key for
-- them, from which the key does not follow, is put here, sealed as everything else; until its last code was used.
CREATE TABLE inherited_key (
  site       TEXT NOT NULL,
  key_id     TEXT NOT NULL,
  key_sealed TEXT NOT NULL,
  PRIMARY KEY (site, key_id)
) STRICT, WITHOUT ROWID;

-- Everything that is sealed at rest: one line a column, in the last of these views. Whoever adds a sealed column adds it here
-- (a later migration drops the view and makes it anew) and in edge/src/store/sealed.rs; a test looks for columns that were
-- forgotten. Several columns of a table have a view of their own, because D1 takes five parts of a UNION at most.
CREATE VIEW sealed_site (site, place, person, id, body) AS
  SELECT site, 'app-token', '', installation, app_token_sealed FROM installation WHERE app_token_sealed <> ''
  UNION ALL
  SELECT site, 'inherited-key', '', key_id, key_sealed FROM inherited_key WHERE key_sealed <> '';

CREATE VIEW sealed_enrolment (site, place, person, id, body) AS
  SELECT site, 'enrolment-code', person, id, mail_code_sealed FROM enrolment WHERE mail_code_sealed <> ''
  UNION ALL
  SELECT site, 'enrolment-secret', person, id, secret_sealed FROM enrolment WHERE secret_sealed <> '';

CREATE VIEW sealed_pending (site, place, person, id, body) AS
  SELECT site, 'pending-challenge', person, nonce, challenge FROM pending WHERE challenge <> ''
  UNION ALL
  SELECT site, 'pending-code', person, nonce, code FROM pending WHERE code <> ''
  UNION ALL
  SELECT site, 'pending-comment', person, nonce, comment FROM pending WHERE comment <> '';

CREATE VIEW sealed (site, place, person, id, body) AS
  SELECT site, place, person, id, body FROM sealed_site
  UNION ALL
  SELECT site, 'factor', person, id, secret FROM factor WHERE secret <> ''
  UNION ALL
  SELECT site, place, person, id, body FROM sealed_enrolment
  UNION ALL
  SELECT site, place, person, id, body FROM sealed_pending;

-- One row a site, made with its installation.
CREATE TABLE reseal (
  site         TEXT    NOT NULL PRIMARY KEY,
  -- Ids of the Worker's keys when this row was last written, newest first, commas between. Other keys: a new pass.
  ring         TEXT    NOT NULL DEFAULT '',
  -- 'stuck': what is left cannot be opened, because its key is missing or it was damaged.
  state        TEXT    NOT NULL DEFAULT 'done' CHECK (state IN ('open', 'done', 'stuck')),
  -- The last text a pass has looked at; '~' in `place` once it has looked at all.
  place        TEXT    NOT NULL DEFAULT '',
  person       TEXT    NOT NULL DEFAULT '',
  id           TEXT    NOT NULL DEFAULT '',
  -- Texts to be sealed anew when it began, those done since, and those of this pass that do not open.
  total        INTEGER NOT NULL DEFAULT 0,
  resealed     INTEGER NOT NULL DEFAULT 0,
  unopened     INTEGER NOT NULL DEFAULT 0,
  -- The key everything was under when this last was so.
  settled      TEXT    NOT NULL DEFAULT '',
  -- Since when the newest key is the newest.
  newest_since INTEGER NOT NULL DEFAULT 0,
  ended_at     INTEGER,
  next_at      INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX reseal_due ON reseal (next_at);
CREATE INDEX reseal_by_ring ON reseal (ring);

INSERT INTO reseal (site) SELECT site FROM installation;

CREATE TRIGGER reseal_begins_with_the_site AFTER INSERT ON installation
BEGIN
  INSERT INTO reseal (site) VALUES (NEW.site) ON CONFLICT (site) DO NOTHING;
END;

CREATE TRIGGER reseal_ends_with_the_site AFTER DELETE ON installation
BEGIN
  DELETE FROM reseal WHERE site = OLD.site;
END;
