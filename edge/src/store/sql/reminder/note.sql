-- After reminder/mail in the same batch: who was mailed.
INSERT INTO reminder (site, person, at) SELECT ?1, wanted.value ->> 'person', ?3 FROM json_each(?2) AS wanted WHERE true
ON CONFLICT (site, person) DO UPDATE SET at = excluded.at WHERE reminder.at <= ?4
RETURNING person
