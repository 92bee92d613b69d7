-- What a snapshot of format ?3 does not hold yet; everything if there is none of that format.
SELECT seq, at, kind, entry FROM journal
 WHERE site = ?1 AND stream = ?2
   AND seq > COALESCE((SELECT seq FROM snapshot WHERE site = ?1 AND stream = ?2 AND format = ?3), 0)
 ORDER BY seq
