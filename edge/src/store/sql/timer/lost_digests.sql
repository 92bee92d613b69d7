-- Who wants digests and has no timer.
SELECT personal.person, personal.digest, zone.zone FROM personal
  LEFT JOIN zone ON zone.site = ?1 AND zone.person = personal.person
 WHERE personal.site = ?1 AND personal.digest <> 'off'
   AND NOT EXISTS (SELECT 1 FROM timer WHERE timer.site = ?1 AND timer.page = '' AND timer.kind = 'digest'
                      AND timer.person = personal.person AND timer.fired = 0)
 LIMIT ?2
