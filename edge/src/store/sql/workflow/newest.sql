-- The newest version of a workflow, ?2 its stream.
SELECT stream, seq, at, entry, leaf, seq AS head FROM journal WHERE site = ?1 AND stream = ?2 ORDER BY seq DESC LIMIT 1
