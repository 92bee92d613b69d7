-- The newest list of the site and of the space whose stream is ?2.
SELECT stream, entry FROM journal AS newest
 WHERE site = ?1 AND stream IN ('assignment/site', ?2)
   AND seq = (SELECT MAX(seq) FROM journal WHERE site = ?1 AND stream = newest.stream)
