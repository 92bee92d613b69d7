-- Directly behind the statement that sealed texts anew: counts those it changed.
UPDATE reseal SET resealed = resealed + changes() WHERE site = ?1
