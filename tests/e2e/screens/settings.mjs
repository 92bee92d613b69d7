// Scenes of the settings view and, where a page's state is asked for, of the space page beside it.
import * as data from "./data.mjs";

const OVERVIEW = "/api/settings/overview";
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
  const view = (state, shows, answer, act = sections, more = {}) => ({
    state,
    shows,
    module: "approval-settings",
    answers: { [OVERVIEW]: answer },
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
  const unlocking = (state, shows, act, answers) => ({
    ...view(state, shows, data.overview({ locks: data.lockedPeople() })),
    answers: { [OVERVIEW]: data.overview({ locks: data.lockedPeople() }), ...answers },
    async act(page) {
      await sections(page);
      await page.getByTestId("unlock").first().click();
      await act(page);
    },
  });
  const { LONG } = data;
  return [
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
    view("locked", "people locked, effects failed", data.overview({ locks: data.lockedPeople(), failed_effects: data.FAILED })),
    view("unreachable", "Confluence has not called for hours", data.overview({
      installation: { last_heard_at: data.ago(5 * 3600_000), token_until: data.ago(3 * 3600_000), unreachable: true },
    })),
    view("not-allowed", "somebody who is no administrator", data.refusal("not-allowed", 403, "You are not allowed to do this", "Only Confluence admins can use Countersign's settings."), problem),
    unlocking("unlock", "unlocking somebody with a reason and a code", (page) => page.getByTestId("unlock-name").waitFor(), {
      "/api/settings/unlock-challenge": {
        challenge: "opaque",
        account: "712020:approver-1",
        name: "Jonas Lindqvist",
        code_required: true,
        expires_at: Date.now() + 300_000,
      },
    }),
    space("space-empty", "no page under a workflow", []),
    space("space-long", "long titles", [
      data.spacePage("1", LONG.title, "review", { waits_for_me: true, changed_since_approval: true, approved_version: 12_345 }),
      data.spacePage("2", LONG.word, "approved", { approved_version: 1 }),
    ]),
    view("long", "long names and reasons", data.overview({
      failed_effects: [{ ...data.FAILED[0], what: LONG.title, why: LONG.comment }],
      locks: [{ ...data.lockedPeople()[0], name: LONG.name }, { ...data.lockedPeople()[1], name: LONG.word }],
    })),
  ];
}
