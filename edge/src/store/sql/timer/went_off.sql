-- They went off. A digest is set to its next time (next), or was not wanted any more (next is null) and is gone off too.
UPDATE timer SET fired = one.value ->> 'next' IS NULL, at = COALESCE(one.value ->> 'next', timer.at)
  FROM json_each(?2) AS one
 WHERE timer.site = ?1 AND timer.page = one.value ->> 'page' AND timer.kind = one.value ->> 'kind'
   AND timer.person = one.value ->> 'person' AND timer.detail = one.value ->> 'detail'
   AND timer.nth = one.value ->> 'nth' AND timer.seq = one.value ->> 'seq'
   AND timer.fired = 0 AND timer.at = one.value ->> 'at'
