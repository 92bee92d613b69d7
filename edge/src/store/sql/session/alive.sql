-- Those that may still count at ?3, the newest first. Whether one does is for the policy to say.
SELECT id, factor, kind, began_at, until_at, identified FROM session
 WHERE site = ?1 AND person = ?2 AND ended_at IS NULL AND until_at > ?3 ORDER BY began_at DESC, id LIMIT 20
