SELECT id, name, version, standing FROM workflow WHERE site = ?1 ORDER BY name, id LIMIT ?2
