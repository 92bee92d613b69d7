-- For whom pages wait now. Many pages wait for the same people.
SELECT DISTINCT waiting FROM dashboard WHERE site = ?1 AND ended = 0 AND waiting <> '[]' LIMIT ?2
