-- For the operator: sites by the keys they have seen and how far they are. It names none of them.
SELECT ring, state, COUNT(*) AS sites, MAX(newest_since) AS since FROM reseal GROUP BY ring, state
