UPDATE invited SET lookup = NULL, address_sealed = '', erased_at = ?3
 WHERE site = ?1 AND id = ?2 AND erased_at IS NULL
