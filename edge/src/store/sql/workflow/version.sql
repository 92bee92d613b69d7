-- Version ?3 of a workflow, ?2 its stream, and where the stream ends.
SELECT stream, seq, at, entry, leaf,
       (SELECT MAX(seq) FROM journal AS newest WHERE newest.site = ?1 AND newest.stream = ?2) AS head
  FROM journal WHERE site = ?1 AND stream = ?2 AND seq = ?3
