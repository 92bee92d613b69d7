-- Those that may still count at ?3, the newest first. Whether one does is for the policy to say. One that belongs to a list
-- of pages is good for that list alone.
SELECT id, factor, kind, began_at, until_at, identified FROM session
 WHERE site = ?1 AND person = ?2 AND ended_at IS NULL AND until_at > ?3 AND list IS NULL ORDER BY began_at DESC, id LIMIT 20
