// Scenes of the settings view and, where a page's state is asked for, of the space page beside it.
import { bulks } from "./bulk.mjs";
import * as data from "./data.mjs";
import { emergencies } from "./emergency.mjs";
import { INSIGHTS, insights, people, told } from "./insights.mjs";
import { INVITED, NOBODY, invitedInSettings } from "./invited.mjs";
import { POLICY, policies, policy } from "./policy.mjs";

const OVERVIEW = "/api/settings/overview";
const KEYS = "/api/settings/keys";
const WORKFLOWS = "/api/settings/workflows";
const SPACE = "/api/space/overview";
const problem = (page) => page.getByTestId("problem").waitFor();
const sections = (page) => page.getByTestId("section-workflow").waitFor();
const list = (page) => page.getByTestId("space").waitFor();
const PAGES = [
  data.spacePage("98305", "Information Security Policy", "approved", { approved_version: 7 }),
  data.spacePage("98306", "Access Control Procedure", "draft", { latest_version: 2 }),
];

/** The scenes. */
export function settings() {
  /** `also` answers what else the view asks for. */
  const view = (state, shows, answer, act = sections, { also = {}, ...more } = {}) => ({
    state,
    shows,
    module: "approval-settings",
    answers: { [OVERVIEW]: answer, [INSIGHTS]: told([]), [KEYS]: data.keys(), [POLICY]: policy(), [INVITED]: NOBODY, [WORKFLOWS]: data.WORKFLOWS, ...also },
    act,
    ...more,
  });
  const space = (state, shows, pages, more = {}) => ({
    state,
    shows: `the space page beside the settings: ${shows}`,
    nearest: true,
    module: "approval-space",
    answers: { [SPACE]: { pages, cut: false } },
    act: list,
    ...more,
  });
  const listed = (page) => page.getByTestId("person").first().waitFor();
  const keys = (state, shows, change) =>
    view(`keys-${state}`, shows, data.overview(), (page) => page.getByTestId("keys-state").waitFor(), { also: { [KEYS]: data.keys(change) } });
  const { LONG } = data;
  return [
    keys("open", "secrets are being re-encrypted", {
      keys: [data.key("2026-11-22", "newest", { sealed: 214 }), data.key("2025-11-01", "older", { sealed: 271, recovery_codes: 90, removal: { is: "waiting" } })],
      rotation: { state: "open", total: 485, left: 271, newest_since: data.ago(180_000), ended_at: null },
    }),
    keys("free", "an old key can be removed, another in a while", {
      keys: [
        data.key("2026-11-22", "newest", { sealed: 485 }),
        data.key("2025-11-01", "older", { removal: { is: "from", at: Date.now() + 1500_000 } }),
        data.key("2024-10-30", "older", { removal: { is: "free" } }),
      ],
    }),
    keys("missing", "a key was removed too early", {
      keys: [data.key("2026-11-22", "newest", { sealed: 214 }), data.key("2025-11-01", "missing", { sealed: 271, recovery_codes: 90, check: null })],
      rotation: { state: "stuck", total: 485, left: 0, newest_since: data.ago(180_000), ended_at: data.ago(60_000) },
    }),
    view("loading", "before the first answer", "never", (page) => page.getByTestId("loading").waitFor()),
    view("empty", "nothing has failed, nobody is locked", data.overview()),
    view("error", "the settings could not be read", data.OUR_FAULT, problem),
    view("offline", "the browser has no connection", "unreachable", problem, { offline: true }),
    space("draft", "pages in draft, nothing waits", [PAGES[1], { ...PAGES[1], page: "98309", title: "Visitor Rules" }]),
    space("review", "a page waits for the person", [data.spacePage("98308", "Incident Response Plan", "review", { waits_for_me: true }), ...PAGES]),
    space("approved", "pages that are approved", [PAGES[0], { ...PAGES[0], page: "98309", title: "Visitor Rules" }]),
    space("changed", "a page changed since its approval", [
      data.spacePage("98306", "Access Control Procedure", "draft", { approved_version: 7, latest_version: 8, changed_since_approval: true }),
      PAGES[0],
    ]),
    view("locked", "people locked, effects failed", data.overview({ failed_effects: data.FAILED }), listed, { also: { [INSIGHTS]: told(people()) } }),
    view("unreachable", "Confluence has not called for hours", data.overview({
      installation: { last_heard_at: data.ago(5 * 3600_000), token_until: data.ago(3 * 3600_000), unreachable: true },
    })),
    view("not-allowed", "somebody who is no administrator", data.refusal("not-allowed", 403, "You are not allowed to do this", "Only Confluence admins can use Countersign's settings."), problem),
    space("space-empty", "no page under a workflow", []),
    space("space-long", "long titles", [
      data.spacePage("1", LONG.title, "review", { waits_for_me: true, changed_since_approval: true, approved_version: 12_345 }),
      data.spacePage("2", LONG.word, "approved", { approved_version: 1 }),
    ]),
    view("long", "long names and reasons", data.overview({
      failed_effects: [{ ...data.FAILED[0], what: LONG.title, why: LONG.comment }],
    })),
    ...insights(view, data),
    ...policies(view, data),
    ...invitedInSettings(view),
    ...emergencies(view, data),
    ...bulks(space),
  ];
}
