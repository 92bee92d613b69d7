-- Whoever was erased stays so, and an address is one person's: `require.sql` after it sees to both.
INSERT INTO invited (site, id, lookup, address_sealed, name, invited_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (site, id) DO UPDATE SET name = excluded.name, invited_at = excluded.invited_at
  WHERE invited.erased_at IS NULL
ON CONFLICT (site, lookup) WHERE lookup IS NOT NULL DO NOTHING
