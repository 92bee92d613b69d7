-- ?2: a JSON array of {stream, seq, fold}; ?3 their format.
INSERT INTO snapshot (site, stream, seq, format, fold)
SELECT ?1, wanted.value ->> 'stream', wanted.value ->> 'seq', ?3, wanted.value ->> 'fold'
  FROM json_each(?2) AS wanted WHERE true
ON CONFLICT (site, stream) DO UPDATE SET seq = excluded.seq, format = excluded.format, fold = excluded.fold
 WHERE excluded.seq >= snapshot.seq OR excluded.format <> snapshot.format
