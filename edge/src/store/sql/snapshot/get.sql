SELECT seq, format, fold FROM snapshot WHERE site = ?1 AND stream = ?2 AND format = ?3
