-- Who was asked by name, or decided, after ?2; the latest first.
SELECT person, asked_at, decided_at FROM approver
 WHERE site = ?1 AND (asked_at > ?2 OR decided_at > ?2) ORDER BY MAX(asked_at, decided_at) DESC, person LIMIT ?3
