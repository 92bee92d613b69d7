-- Never replaces a newer fold of the same format.
INSERT INTO snapshot (site, stream, seq, format, fold) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (site, stream) DO UPDATE SET seq = excluded.seq, format = excluded.format, fold = excluded.fold
 WHERE excluded.seq >= snapshot.seq OR excluded.format <> snapshot.format
