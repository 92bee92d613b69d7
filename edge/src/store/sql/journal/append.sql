-- A decision's entry: its seq is the one the decision was made for, or the trigger refuses it.
INSERT INTO journal (site, stream, seq, position, at, kind, entry, leaf)
VALUES (?1, ?2, ?3, (SELECT COALESCE(MAX(position), -1) + 1 FROM journal WHERE site = ?1), ?4, ?5, ?6, ?7)
