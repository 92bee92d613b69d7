DELETE FROM timer WHERE site = ?1 AND page = '' AND kind = 'digest' AND person = ?2
