-- A person's absence, unless it is over.
SELECT person, stand_in, from_at, until_at FROM absence WHERE site = ?1 AND person = ?2 AND until_at > ?3
