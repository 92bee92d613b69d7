-- People's digests, from now on at these times. ?2: a JSON array of {person, at}.
INSERT INTO timer (site, page, kind, person, detail, nth, seq, at)
SELECT ?1, '', 'digest', one.value ->> 'person', '', 0, 0, one.value ->> 'at' FROM json_each(?2) AS one WHERE true
ON CONFLICT (site, page, kind, person, detail, nth, seq) DO UPDATE SET at = excluded.at, fired = 0
