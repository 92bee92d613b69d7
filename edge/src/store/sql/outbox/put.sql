-- An effect that adds something outside: each one counts.
INSERT INTO outbox (site, lane, effect, key, created_at, next_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)
