// What the edge would answer about deciding on many pages at once, and scenes of the space page's list and its dialog.
import * as data from "./data.mjs";

const SPACE = "/api/space/overview";
const CHALLENGE = "/api/bulk/challenge";
const DECISION = "/api/bulk/decision";
const TITLES = ["Incident Response Plan", "Information Security Policy", "Access Control Procedure", "Visitor Rules", "Clean Desk Policy"];
const HASH = "9f2c4a1be07d5836c1f4e2ab90d7135866f0c3be41a79d20857fe6bb34c1d2a8";

const waits = (title, index) => data.spacePage(String(98_308 + index), title, "review", { waits_for_me: true, latest_version: 7 + index });
const REST = [data.spacePage("98400", "Travel Rules", "approved", { approved_version: 3 }), data.spacePage("98401", "Archive Rules", "draft")];
const pages = (titles = TITLES) => ({ pages: [...titles.map(waits), ...REST], cut: false });

const item = (title, index, more = {}) => ({
  listed: {
    page: String(98_308 + index), version: 7 + index, content_hash: HASH, workflow: "page-approval", workflow_version: 1,
    state: "in-review", state_seq: 9, approval: "approvers",
  },
  title,
  approval: "Approvers",
  ...more,
});
const KINDS = [{ approved_before: 6 }, {}, { approved_before: 7, for_others: ["Priya Raman"], changes_decision: true }];

/** A list to sign. */
const list = (titles, more = {}, out = []) => ({
  list: {
    challenge: "opaque",
    items: titles.map((title, index) => item(title, index, KINDS[index % KINDS.length])),
    meaning: data.MEANING,
    meanings: [data.MEANING],
    code_required: true,
    how: data.how(),
    expires_at: Date.now() + 10 * data.MINUTE,
    ...more,
  },
  left_out: out,
});

const problem = (kind, status, title, detail, more = {}) => data.refusal(kind, status, title, detail, more);
const ALONE = problem("sign-alone", 409, "This page has to be signed by itself", "The policy asks for a signature of its own each time (21 CFR Part 11). Open the page to approve it.").body;
const OWN = problem("excluded", 403, "You can't decide on your own work", "You wrote this version, so somebody else has to decide.").body;
const MOVED = problem("page-moved", 409, "The page has changed", "The page has changed since: it is now at version 9. Reload it, read it again, and decide then.");
const WRONG = problem("wrong-code", 422, "The code is wrong", "The code is not right. Enter the one your authenticator shows now, and check that your phone's clock is set automatically.", { field: "code", tries_left: 3 });
const OVER = problem("challenge-expired", 410, "The confirmation took too long", "Ask for a new one; your comment is kept.");
const FIRST = problem("no-factor", 422, "You have no authenticator set up", "Set up an authenticator to go on.");
const DONE = { seq: 10, at: Date.now(), repeated: false, status: data.PAGE.approved };
const out = (page, title, why) => ({ page, title, problem: why });

/** The scenes; `space` makes one of the space page. */
export function bulks(space) {
  const press = (page, id) => page.getByTestId(id).click();
  const pickAll = (page) => page.getByTestId("pick-all").check();
  const scene = (state, shows, answers, act, { titles = TITLES, ...more } = {}) =>
    space(`bulk-${state}`, shows, pages(titles).pages, { answers: { [SPACE]: pages(titles), ...answers }, act, ...more });
  const opening = (button = "bulk-approve") => async (page) => {
    await pickAll(page);
    await press(page, button);
    await page.getByTestId("dialog").waitFor();
  };
  const listed = (button) => async (page) => {
    await opening(button)(page);
    await page.getByTestId("bulk-list").waitFor();
  };
  const signing = async (page) => {
    await listed()(page);
    await page.getByTestId("comment").fill("Checked against the audit's findings.");
    await page.getByTestId("code").fill("287082");
    await press(page, "bulk-sign");
  };
  const summed = async (page) => {
    await signing(page);
    await page.getByTestId("bulk-summary").waitFor();
  };
  const { LONG } = data;
  const long = [LONG.title, LONG.word, "Li", LONG.title];
  const many = Array.from({ length: 50 }, (_, n) => `${TITLES[n % TITLES.length]} ${n + 1}`);
  const meanings = [data.MEANING, "I reviewed this version and found nothing to change."];
  const five = { [CHALLENGE]: list(TITLES) };
  return [
    scene("picked", "some are picked", {}, async (page) => {
      for (const index of [0, 1, 3]) await page.getByTestId("pick").nth(index).check();
    }),
    scene("one", "one is picked, which is too few", {}, (page) => page.getByTestId("pick").first().check()),
    scene("asking", "what would be signed is being fetched", { [CHALLENGE]: "never" }, async (page) => {
      await opening()(page);
      await page.getByTestId("preparing").waitFor();
    }),
    scene("list", "what is about to be signed", five, listed()),
    scene("left-out", "some can't be signed with the others; a choice of meanings", {
      [CHALLENGE]: list(TITLES.slice(0, 3), { meaning: meanings[0], meanings, how: data.how({ factors: ["passkey", "totp"] }) }, [out("98311", "Visitor Rules", ALONE), out("98312", "Clean Desk Policy", OWN)]),
    }, listed()),
    scene("nothing", "none of them can be signed with others", {
      [CHALLENGE]: { left_out: TITLES.map((title, index) => out(String(98_308 + index), title, index ? ALONE : OWN)) },
    }, async (page) => {
      await opening()(page);
      await page.getByTestId("bulk-nothing").waitFor();
    }),
    scene("reject", "rejecting without the comment", {
      [CHALLENGE]: { ...list(TITLES, { items: TITLES.map((title, index) => item(title, index, { comment_required: true })), meaning: data.MEANING_OF_REJECTION, meanings: [data.MEANING_OF_REJECTION] }) },
    }, async (page) => {
      await listed("bulk-reject")(page);
      await page.getByTestId("code").fill("287082");
      await press(page, "bulk-sign");
      await page.locator("#comment-error").filter({ hasText: /\w/ }).waitFor();
    }),
    scene("wrong-code", "the code was wrong", { ...five, [DECISION]: WRONG }, async (page) => {
      await signing(page);
      await page.getByTestId("code-error").filter({ hasText: /\w/ }).waitFor();
    }),
    scene("session", "an earlier confirmation stands for it", { [CHALLENGE]: list(TITLES, { how: data.how({ factors: [], session_until: Date.now() + 20 * data.MINUTE }) }) }, listed()),
    scene("enrol", "an authenticator has to be set up first", { [CHALLENGE]: FIRST }, async (page) => {
      await opening()(page);
      await page.getByTestId("enrolment").waitFor();
    }),
    scene("running", "one page after another", { ...five, [DECISION]: [DONE, MOVED, DONE, "never"] }, async (page) => {
      await signing(page);
      await page.locator('[data-testid="bulk-outcome"][data-is="sending"]').nth(0).waitFor();
      await page.getByText("3 of 5 done").waitFor();
    }),
    scene("stopping", "it stops after the page under way", { ...five, [DECISION]: [DONE, "never"] }, async (page) => {
      await signing(page);
      await page.getByText("1 of 5 done").waitFor();
      await press(page, "bulk-stop");
    }),
    scene("done", "all are approved", { ...five, [DECISION]: DONE }, summed),
    scene("partly", "one was refused", { ...five, [DECISION]: [DONE, MOVED, DONE, DONE, DONE] }, summed),
    scene("offline", "the connection was lost on the way", { ...five, [DECISION]: [DONE, DONE, "unreachable"] }, async (page) => {
      await summed(page);
      await page.getByTestId("problem").waitFor();
    }, { offline: true }),
    scene("over", "the time was over on the way", { ...five, [DECISION]: [DONE, OVER] }, async (page) => {
      await summed(page);
      await page.getByTestId("bulk-ask-again").waitFor();
    }),
    scene("long", "long titles", { [CHALLENGE]: list(long, {}, [out("1", LONG.word, { ...ALONE, detail: LONG.comment })]) }, listed(), { titles: long }),
    scene("many", "fifty pages", { [CHALLENGE]: list(many), [DECISION]: [...Array.from({ length: 20 }, () => DONE), "never"] }, async (page) => {
      await signing(page);
      await page.getByText("20 of 50 done").waitFor();
    }, { titles: many }),
  ];
}
