-- What is due, the longest waiting first. A digest comes with the person's wish and time zone, for the next one.
SELECT timer.page, timer.kind, timer.person, timer.detail, timer.nth, timer.seq, timer.at,
       personal.digest AS digest, zone.zone AS zone
  FROM timer
  LEFT JOIN personal ON personal.site = ?1 AND personal.person = timer.person AND timer.kind = 'digest'
  LEFT JOIN zone ON zone.site = ?1 AND zone.person = timer.person AND timer.kind = 'digest'
 WHERE timer.site = ?1 AND timer.fired = 0 AND timer.at <= ?2
 ORDER BY timer.at LIMIT ?3
