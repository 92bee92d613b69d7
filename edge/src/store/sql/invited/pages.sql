SELECT DISTINCT page FROM invitation WHERE site = ?1 AND person = ?2 ORDER BY page
