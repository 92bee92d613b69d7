-- The states these pages, ?2 a JSON array, were in are left: their timers are void.
DELETE FROM timer WHERE site = ?1 AND page IN (SELECT value FROM json_each(?2))
