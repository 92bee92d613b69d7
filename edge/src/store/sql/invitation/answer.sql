-- What was answered to an invitation: it is in the journal, whatever became of the review.
SELECT seq, at, kind, entry FROM journal
 WHERE site = ?1 AND stream = ?2 AND kind IN ('decided', 'abstained') AND entry IS NOT NULL
   AND COALESCE(entry ->> '$.event.invited.invitation', entry ->> '$.event.invitation') = ?3
 ORDER BY seq LIMIT 1
