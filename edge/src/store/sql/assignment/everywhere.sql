-- The newest list of the site and of every space that has one.
SELECT stream, entry FROM journal AS newest
 WHERE site = ?1 AND stream >= 'assignment/' AND stream < 'assignment0'
   AND seq = (SELECT MAX(seq) FROM journal WHERE site = ?1 AND stream = newest.stream)
 ORDER BY stream
