-- Those asked about the longest ago, before ?2, who have something timed to come.
SELECT person, zone FROM zone
 WHERE site = ?1 AND read_at < ?2
   AND EXISTS (SELECT 1 FROM timer WHERE timer.site = ?1 AND timer.person = zone.person AND timer.fired = 0)
 ORDER BY read_at LIMIT ?3
