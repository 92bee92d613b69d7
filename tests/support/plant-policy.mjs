// A version of the step-up policy put into the journal past the settings: tests that are not about setting it begin here.
import { createHash } from "node:crypto";
import { SITE } from "./identities.mjs";

/** Canonical JSON (RFC 8785) of what an entry holds: no numbers but whole ones. */
const canonical = (value) => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.keys(value).sort().filter((name) => value[name] !== undefined);
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
};

/** Puts in force what `change` makes of the policy in force. */
export async function plantPolicy(site, change, at = SITE) {
  const rows = await site.journal("policy", at);
  if (rows.length === 0) throw new Error("the site was never used: it has no policy yet");
  const { entry } = rows.at(-1);
  const before = entry.event.policy;
  const policy = { ...structuredClone(before), ...change(structuredClone(before)), version: before.version + 1 };
  const body = canonical({ ...entry, at: site.now(), event: { ...entry.event, policy } });
  const leaf = createHash("sha256").update("\0").update(body).digest("hex");
  await site.sql(
    `INSERT INTO journal (site, stream, seq, position, at, kind, entry, leaf)
     SELECT ?1, 'policy', ?2, 1 + MAX(position), ?3, 'policy-set', ?4, ?5 FROM journal WHERE site = ?1`,
    at.key,
    rows.length + 1,
    site.now(),
    body,
    leaf,
  );
}

/** Every rule of the policy takes these factors. */
export const withFactors = (...factors) => (policy) => ({
  rules: policy.rules.map((rule) => ({ ...rule, demand: { ...rule.demand, factors } })),
});
