-- Which of these pages, ?2 a JSON array, have a stream already, and what they run on.
SELECT wanted.value AS page, dashboard.workflow AS workflow, COALESCE(dashboard.ended, 0) AS ended
  FROM json_each(?2) AS wanted
  JOIN journal ON journal.site = ?1 AND journal.stream = 'page/' || wanted.value AND journal.seq = 1
  LEFT JOIN dashboard ON dashboard.site = ?1 AND dashboard.page = wanted.value
