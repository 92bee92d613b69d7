-- That the step is a later one is a precondition in the same batch.
UPDATE factor SET last_step = MAX(last_step, ?4), last_used_at = ?5 WHERE site = ?1 AND person = ?2 AND id = ?3
