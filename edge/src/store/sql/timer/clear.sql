-- A page's timers that are to be made anew. What went off stays, and so do reminders whose time had come by the page's last
-- event (?4): the clock is only late with those.
DELETE FROM timer
 WHERE site = ?1 AND page = ?2 AND (seq <> ?3 OR (fired = 0 AND (kind <> 'reminder' OR at > ?4)))
