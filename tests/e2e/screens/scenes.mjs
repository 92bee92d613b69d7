// The scenes: what each surface shows in each state. `shows` says in words what the picture is of; `nearest` marks those
// where the state makes no sense for the surface and something close stands in.
import * as data from "./data.mjs";
import { approvals } from "./approvals.mjs";
import { asking } from "./asking.mjs";
import { dialogs } from "./dialogs.mjs";
import { invitedInDialogs, invitedInMacro, invitedPage } from "./invited.mjs";
import { notMePage } from "./not-me.mjs";
import { settings } from "./settings.mjs";

export const SURFACES = ["macro", "byline", "dialog", "settings"];
/** Surfaces with states of their own besides. */
export const ALL_SURFACES = [...SURFACES, "invited", "not-me"];
export const STATES = ["loading", "empty", "error", "offline", "draft", "review", "approved", "changed", "locked"];

const confirmed = (page) => page.locator('.confirm:not([data-verdict="checking"])').waitFor({ state: "attached" });
const decided = async (page) => {
  await confirmed(page);
  await page.getByTestId("actions").waitFor({ state: "attached" });
};
const openHistory = async (page) => {
  await decided(page);
  const history = page.getByTestId("history");
  if (await history.count()) await history.locator("summary").click();
};

/** A page's status from the copy, the same from the journal, and what the person may do. */
const answering = (status, actions) => ({
  "/api/status": { status, source: "copy", viewer: "licensed" },
  "/api/confirm": { status, page_version: { is: "ask-bridge" } },
  "/api/actions": actions,
});

/** The macro, or the popup of the byline: the same states. */
function panel(module) {
  const scene = (state, shows, { status, actions = data.may.nothing, version, act = decided, answers, ...more }) => ({
    state,
    shows,
    module,
    version,
    act,
    answers: answers ?? answering(status, actions),
    ...more,
  });
  const { PAGE, may } = data;
  const problem = (page) => page.getByTestId("problem").waitFor();
  return [
    scene("loading", "before the first answer", { answers: { "/api/status": "never" }, act: (page) => page.getByTestId("loading").waitFor() }),
    scene("empty", "a page nothing has happened to; its author may submit it", { status: PAGE.empty, actions: may.submit, version: 1 }),
    scene("error", "the status could not be read", { answers: { "/api/status": data.OUR_FAULT }, act: problem }),
    scene("offline", "the browser has no connection", { answers: {}, offline: true, act: problem }),
    scene("draft", "a draft its author may submit", { status: PAGE.draft, actions: may.submit, version: 1 }),
    scene("review", "in review, waiting for the person looking", { status: PAGE.review, actions: may.decide, version: 7 }),
    scene("approved", "approved, and the version on screen is the one", { status: PAGE.approved, version: 7, act: openHistory }),
    scene("changed", "changed since the last approval", { status: PAGE.changed, version: 8, act: openHistory }),
    scene("locked", "in review; the person's codes are refused for now", { status: PAGE.review, actions: { ...may.decide, lock: data.locked() }, version: 7 }),
    scene("checking", "the first line from the copy, not confirmed yet", {
      answers: { ...answering(PAGE.approved, may.nothing), "/api/confirm": "never", "/api/actions": "never" },
      act: (page) => page.getByTestId("approved-line").waitFor(),
    }),
    scene("unconfirmed", "the page's version could not be learned", { status: PAGE.approved, act: decided }),
    scene("own-work", "in review; the author may not decide", { status: PAGE.review, actions: may.notOwnWork, version: 7 }),
    scene("stale", "the page was edited after it was opened", { status: PAGE.review, actions: may.decide, version: 7, act: stale }),
    scene("forever-locked", "locked until an administrator acts", {
      status: PAGE.review,
      actions: { ...may.decide, lock: { is: "until-unlocked" } },
      version: 7,
    }),
    scene("long", "long names, comments and words", { status: longStatus(), actions: may.decide, version: 7, act: openHistory }),
  ];
}

/** Another look finds a newer version than the one on screen. */
async function stale(page) {
  await decided(page);
  await page.evaluate(() => {
    const real = globalThis.__bridge.callBridge;
    globalThis.__bridge.callBridge = async (command, given) =>
      command === "fetchProduct" ? { status: 200, headers: {}, body: '{"version":{"number":8}}' } : real(command, given);
    const ahead = Date.now() + 60_000;
    Date.now = () => ahead;
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await page.getByTestId("stale").waitFor();
}

function longStatus() {
  const { LONG } = data;
  const signed = data.signature({ name: LONG.name, comment: LONG.comment });
  const approvals = [
    data.approval({
      id: "a",
      name: LONG.word,
      mode: { minimum: 3 },
      required: 3,
      groups: [LONG.word, "legal"],
      people: [data.person(LONG.name), data.person(LONG.word)],
      decisions: [signed, data.signature({ name: "Li" }), data.signature({ name: LONG.word, signed: false, for_others: [LONG.name, LONG.word] })],
    }),
    data.approval({ id: "b", name: LONG.title, standing: "waiting", after: [LONG.word, LONG.title] }),
  ];
  return data.status("review", {
    state: { id: "in-review", name: `Awaiting ${LONG.word}`, colour: "purple", final: false },
    workflow: { name: LONG.title, version: 12 },
    approved: data.approvedView({ signatures: [signed, data.signature({ name: LONG.word })] }),
    review: data.reviewView({ submitted_by: LONG.name, comment: LONG.comment, approvals }),
    history: data.PAGE.approved.history.map((line) => ({ ...line, who: line.who && LONG.name, comment: line.comment && LONG.comment })),
  });
}

const named = (surface, scenes) => scenes.map((scene) => ({ surface, nearest: false, ...scene }));

/** All scenes: each surface in each state, and some more. */
export const scenes = () => {
  const all = [
    ...named("macro", [...panel("approval-macro"), ...approvals(answering, decided, openHistory), ...invitedInMacro(answering, decided, openHistory)]),
    ...named("byline", panel("approval-byline")),
    ...named("dialog", [...dialogs(answering, decided), ...asking(answering, decided), ...invitedInDialogs(answering, decided)]),
    ...named("settings", settings()),
    ...invitedPage(),
    ...notMePage(),
  ];
  for (const surface of SURFACES) {
    for (const state of STATES) {
      const found = all.filter((scene) => scene.surface === surface && scene.state === state).length;
      if (found !== 1) throw new Error(`${surface} ${state}: ${found} scenes`);
    }
  }
  return all;
};
