SELECT failures, locked_until, held FROM guess WHERE site = ?1 AND person = ?2
