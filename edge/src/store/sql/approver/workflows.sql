-- The newest version of each workflow that pages may come under.
SELECT version.stream, version.seq, version.at, version.entry, version.leaf, version.seq AS head
  FROM workflow
  JOIN journal AS version
    ON version.site = ?1 AND version.stream = 'workflow/' || workflow.id AND version.seq = workflow.version
 WHERE workflow.site = ?1 AND workflow.standing = 'active' ORDER BY workflow.id LIMIT ?2
