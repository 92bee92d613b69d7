-- How many texts are under which key: `head` is as much of a text as holds the key's id, in characters of six bits. The
-- second byte, in the second and third character, says how long the id is. ?2 the alphabet.
SELECT head, COUNT(*) AS texts FROM (
  SELECT substr(body, 1, (8 * (2 + length) + 5) / 6) AS head FROM (
    SELECT body, (instr(?2, substr(body, 2, 1)) - 1) % 16 * 16 + (instr(?2, substr(body, 3, 1)) - 1) / 4 AS length
      FROM sealed WHERE site = ?1))
 GROUP BY head
