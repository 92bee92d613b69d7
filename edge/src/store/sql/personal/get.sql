SELECT digest FROM personal WHERE site = ?1 AND person = ?2
