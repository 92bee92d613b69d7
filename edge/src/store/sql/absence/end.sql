DELETE FROM absence WHERE site = ?1 AND person = ?2
