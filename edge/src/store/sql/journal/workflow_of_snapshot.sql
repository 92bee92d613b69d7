-- The definition a page runs on, as its snapshot names it: version n of a workflow is entry n of the workflow's stream.
SELECT seq, at, kind, entry FROM journal
 WHERE site = ?1
   AND (stream, seq) = (SELECT 'workflow/' || json_extract(fold, '$.workflow'), json_extract(fold, '$.workflow_version')
                          FROM snapshot WHERE site = ?1 AND stream = ?2 AND json_valid(fold))
