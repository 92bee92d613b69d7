SELECT written, writing, reported FROM byline WHERE site = ?1 AND page = ?2
