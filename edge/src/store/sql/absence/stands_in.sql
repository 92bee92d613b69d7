-- Who is away now and named ?2 to decide for them.
SELECT person, stand_in, from_at, until_at FROM absence
 WHERE site = ?1 AND stand_in = ?2 AND from_at <= ?3 AND until_at > ?3
 ORDER BY person LIMIT ?4
