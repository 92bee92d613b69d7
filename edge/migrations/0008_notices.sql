-- Owners are told when a factor is about to end and when it has: of which end they were told last, and how much.
ALTER TABLE factor ADD COLUMN told_of INTEGER;
-- 0: nothing; 1: that it ends soon; 2: that it has ended.
ALTER TABLE factor ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
CREATE INDEX factor_by_end ON factor (site, expires_at) WHERE active = 1 AND expires_at IS NOT NULL;
