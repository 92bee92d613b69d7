-- Many workflows; people who are away.

-- Which workflows there are: what lists show. Rebuildable from the streams workflow/<id>; version n is entry n.
CREATE TABLE workflow (
  site     TEXT    NOT NULL,
  id       TEXT    NOT NULL,
  name     TEXT    NOT NULL,
  -- The newest version: the head of the workflow's stream.
  version  INTEGER NOT NULL,
  -- engine::workflow::version::Standing.
  standing TEXT    NOT NULL CHECK (standing IN ('active', 'disabled', 'deleted')),
  PRIMARY KEY (site, id)
) STRICT, WITHOUT ROWID;

-- What a page runs on, so that its definition is read in the same round trip as the page.
ALTER TABLE dashboard ADD COLUMN workflow TEXT NOT NULL DEFAULT '';
ALTER TABLE dashboard ADD COLUMN workflow_version INTEGER NOT NULL DEFAULT 0;
-- When its state expires.
ALTER TABLE dashboard ADD COLUMN expires_at INTEGER;
-- The earliest due date of the approvals it waits for.
ALTER TABLE dashboard ADD COLUMN next_due INTEGER;
CREATE INDEX dashboard_by_workflow ON dashboard (site, workflow, page);

-- Who is away and who decides for them: at most one absence a person. Rebuildable from the streams absence/<person>.
CREATE TABLE absence (
  site     TEXT    NOT NULL,
  person   TEXT    NOT NULL,
  stand_in TEXT    NOT NULL,
  from_at  INTEGER NOT NULL,
  until_at INTEGER NOT NULL,
  PRIMARY KEY (site, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX absence_by_stand_in ON absence (site, stand_in, until_at);
