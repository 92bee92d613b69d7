-- When the states pages have entered expire, ?2: a JSON array of {page, seq, at}.
INSERT INTO timer (site, page, kind, person, detail, nth, seq, at)
SELECT ?1, wanted.value ->> 'page', 'expiry', '', '', 0, wanted.value ->> 'seq', wanted.value ->> 'at'
  FROM json_each(?2) AS wanted WHERE true
ON CONFLICT (site, page, kind, person, detail, nth, seq) DO NOTHING
