-- The one that was begun for the list of this nonce, unless it was ended or is over at ?4.
SELECT id, factor, kind, step, began_at FROM session
 WHERE site = ?1 AND person = ?2 AND list = ?3 AND ended_at IS NULL AND until_at > ?4
