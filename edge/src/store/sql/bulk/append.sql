-- Entries of many streams, ?2: a JSON array of {stream, seq, kind, entry, leaf}, those of a stream in order; ?3 when.
-- Positions go on from where the journal ended. The trigger checks each row, and refuses the lot if something else was
-- appended to one of the streams meanwhile.
INSERT INTO journal (site, stream, seq, position, at, kind, entry, leaf)
SELECT ?1, wanted.value ->> 'stream', wanted.value ->> 'seq',
       (SELECT COALESCE(MAX(position), -1) FROM journal WHERE site = ?1) + ROW_NUMBER() OVER (ORDER BY wanted.key),
       ?3, wanted.value ->> 'kind', wanted.value ->> 'entry', wanted.value ->> 'leaf'
  FROM json_each(?2) AS wanted ORDER BY wanted.key
