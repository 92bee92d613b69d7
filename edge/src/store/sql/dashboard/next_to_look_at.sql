-- The pages whose turn it is to be looked at, and, once the last page was reached, again from the first.
SELECT page FROM dashboard
 WHERE site = ?1 AND page > (SELECT COALESCE(MAX(look_from), '') FROM installation WHERE site = ?1)
 ORDER BY page LIMIT ?2
