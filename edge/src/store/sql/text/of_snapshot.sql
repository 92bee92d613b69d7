-- The texts a snapshot refers to (its members named "text"), in the same round trip as the snapshot itself.
SELECT id, body FROM text
 WHERE site = ?1 AND body IS NOT NULL
   AND id IN (SELECT tree.atom FROM snapshot, json_tree(CASE WHEN json_valid(fold) THEN fold ELSE 'null' END) AS tree
               WHERE snapshot.site = ?1 AND snapshot.stream = ?2 AND tree.key = 'text')
