-- Who submitted the page last. ?2 its stream.
SELECT entry -> '$.event.by' ->> 'account' AS account FROM journal
 WHERE site = ?1 AND stream = ?2 AND kind = 'submitted' AND entry IS NOT NULL ORDER BY seq DESC LIMIT 1
