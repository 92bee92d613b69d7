// Rules of the step-up policy, for tests.
import { plantPolicy } from "./plant-policy.mjs";

/** What is asked for. */
export const demand = (more = {}) => ({ factors: ["totp", "passkey"], fresh: { is: "each-time" }, ...more });

/** Nothing is asked again for so long. */
export const session = (minutes) => ({ fresh: { is: "session", minutes } });

/** A required rule for everyone. */
export const rule = (actions, more = {}, about = {}) => ({
  id: "asked", name: "What is asked", force: "required", who: { is: "everyone" }, actions, demand: demand(more), ...about,
});

/** Puts these rules in force, in place of all others. */
export const putRules = (site, ...rules) => plantPolicy(site, () => ({ rules }));
