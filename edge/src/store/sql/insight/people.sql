-- What is known of the people in ?2, a JSON array, besides their factors; times are 0 where there is none, ?3: of late.
SELECT person.value AS person,
       (SELECT COUNT(*) FROM factor WHERE site = ?1 AND factor.person = person.value) AS factors_ever,
       (SELECT MAX(COALESCE(last_used_at, 0)) FROM factor WHERE site = ?1 AND factor.person = person.value) AS used_at,
       (SELECT MAX(enrolled_at) FROM factor WHERE site = ?1 AND factor.person = person.value) AS enrolled_at,
       (SELECT COUNT(*) FROM recovery_code
         WHERE site = ?1 AND recovery_code.person = person.value AND recovery_code.used_at IS NULL) AS recovery_left,
       (SELECT MAX(began_at) FROM session WHERE site = ?1 AND session.person = person.value) AS session_at,
       approver.decided_at, approver.used_at AS signed_at,
       COALESCE(guess.failures, 0) AS failures, COALESCE(guess.locked_until, 0) AS locked_until,
       COALESCE(guess.held, 0) AS held,
       (SELECT COUNT(*) FROM journal WHERE site = ?1 AND stream = 'person-facts/' || person.value
           AND kind = 'attempt-failed' AND at > ?3) AS failures_of_late,
       (SELECT MAX(at) FROM journal WHERE site = ?1 AND stream = 'person-facts/' || person.value
           AND kind IN ('attempt-failed', 'change-confirmed', 'not-me')) AS fact_at,
       (SELECT MAX(at) FROM journal WHERE site = ?1 AND stream = 'person-facts/' || person.value
           AND kind = 'change-confirmed' AND entry -> '$.event.proof' ->> 'factor' IS NOT NULL) AS confirmed_at,
       reminder.at AS reminded_at
  FROM json_each(?2) AS person
  LEFT JOIN approver ON approver.site = ?1 AND approver.person = person.value
  LEFT JOIN guess ON guess.site = ?1 AND guess.person = person.value
  LEFT JOIN reminder ON reminder.site = ?1 AND reminder.person = person.value
