-- Pages that may wait for any of these people (?2) or a member of these groups (?3), both JSON arrays; what is due first.
SELECT * FROM dashboard
 WHERE site = ?1 AND waiting <> '[]'
   AND (EXISTS (SELECT 1 FROM json_each(?2) AS one WHERE instr(dashboard.waiting, '"' || one.value || '"') > 0)
     OR EXISTS (SELECT 1 FROM json_each(?3) AS one WHERE instr(dashboard.waiting, '"' || one.value || '"') > 0))
 ORDER BY next_due IS NULL, next_due, entered_at LIMIT ?4
