-- A plain fact takes whatever seq comes next.
INSERT INTO journal (site, stream, seq, position, at, kind, entry, leaf)
VALUES (?1, ?2, (SELECT COALESCE(MAX(seq), 0) + 1 FROM journal WHERE site = ?1 AND stream = ?2),
        (SELECT COALESCE(MAX(position), -1) + 1 FROM journal WHERE site = ?1), ?3, ?4, ?5, ?6)
