// The step-up policy, as an admin's browser sends it.
import { changed } from "./change.mjs";
import { ADMIN } from "./identities.mjs";

export const ALL_ACTIONS = [
  "submit", "approve", "reject", "select", "reassign", "invite", "publish", "override",
  "change-workflow", "change-assignment", "change-policy", "reset-factor",
];

/** What is asked where a test asks for nothing special. */
export const demand = (more = {}) => ({ factors: ["totp", "passkey"], fresh: { is: "each-time" }, ...more });

/** A rule of the policy. */
export const rule = (id, { name = `Rule ${id}`, force = "required", who = { is: "everyone" }, actions = ["approve"], ...more } = {}) => ({
  id, name, force, who, actions, demand: demand(more),
});

/** Guards what would undo everything else, and nothing besides. */
export const guard = rule("guard", { name: "Changes of the rules", actions: ["override", "change-workflow", "change-assignment", "change-policy", "reset-factor"] });

export const session = (minutes) => ({ is: "session", minutes });

const settings = (site) => site.as(ADMIN).from("approval-settings");

/** The policy in force, as the settings show it. */
export const policy = async (site) => (await settings(site).call("/api/settings/policy")).good();

/** A draft of these rules. */
export const draft = (rules, more = {}) => ({ rules: [guard, ...rules], enrolment: { life_days: 30, mail_proof: true }, people: {}, ...more });

/** Puts these rules in force, confirmed by the admin. */
export async function inForce(site, rules, more) {
  const { newest } = await policy(site);
  return changed(settings(site), "/api/settings/policy/set", { based_on: newest, draft: draft(rules, more) });
}
