-- ?3: a JSON array of {kind, person, detail, nth, seq, at}. Reminders of a time before ?4, the page's last event, are past.
INSERT INTO timer (site, page, kind, person, detail, nth, seq, at)
SELECT ?1, ?2, one.value ->> 'kind', one.value ->> 'person', one.value ->> 'detail', one.value ->> 'nth',
       one.value ->> 'seq', one.value ->> 'at'
  FROM json_each(?3) AS one
 WHERE one.value ->> 'kind' <> 'reminder' OR one.value ->> 'at' > ?4
ON CONFLICT (site, page, kind, person, detail, nth, seq) DO NOTHING
