-- What people do with their own factors.

-- The factor whose place the new one takes. NULL: none.
ALTER TABLE enrolment ADD COLUMN replaces TEXT;
-- A registered passkey's signature counter.
ALTER TABLE enrolment ADD COLUMN step INTEGER NOT NULL DEFAULT 0;

-- What somebody signed last, for their own view and for admins: a scan of the whole journal otherwise. Only entries that can
-- hold a proof are in it.
CREATE INDEX journal_signed_by ON journal (site, entry ->> '$.actor.account', position)
 WHERE entry IS NOT NULL AND entry ->> '$.event.proof.challenge' IS NOT NULL;

-- Codes are found by their HMAC under each key of the Worker; of whom is in the index too, so that nobody else's is found.
DROP INDEX recovery_code_by_hmac;
CREATE UNIQUE INDEX recovery_code_by_hmac ON recovery_code (site, person, hmac);
