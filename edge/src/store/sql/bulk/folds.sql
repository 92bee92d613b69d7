-- The folds of these pages, ?2 a JSON array, where the snapshot is of format ?3 and nothing is newer.
SELECT wanted.value AS page, snapshot.fold AS fold
  FROM json_each(?2) AS wanted
  LEFT JOIN snapshot
    ON snapshot.site = ?1 AND snapshot.stream = 'page/' || wanted.value AND snapshot.format = ?3
   AND snapshot.seq = (SELECT MAX(seq) FROM journal WHERE site = ?1 AND stream = 'page/' || wanted.value)
 ORDER BY wanted.key
