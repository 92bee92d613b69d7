// Transitions somebody picks: who may, what must be said, and never from a state the page has left.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ADMIN, AUTHOR, JONAS, PRIYA, SPACE_ADMIN, VIEWER } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";
import { putWorkflow } from "../support/workflows.mjs";

const held = await siteForFile();
const site = () => held.current;
const DOCUMENT = {
  format: 1,
  id: "page-approval",
  name: "Picked",
  states: [
    {
      id: "draft", name: "Draft", initial: true,
      transitions: {
        select: [
          { to: "ready", name: "Mark as ready" },
          { to: "archived", name: "Archive", who: { roles: ["space-admin"] }, comment: "required" },
        ],
      },
    },
    {
      id: "ready", name: "Ready",
      transitions: {
        select: [{ to: "review", who: { users: [PRIYA.account], roles: ["last-editor"] } }, { to: "draft" }],
        updated: "initial",
      },
    },
    {
      id: "review", name: "Review",
      approvals: [{ id: "one", name: "One", reviewers: { users: [JONAS.account] }, exclude: ["last-editor"], meaning: "Yes.", meaning_of_rejection: "No." }],
      transitions: { approved: "archived", rejected: "draft", updated: "initial" },
    },
    { id: "archived", name: "Archived", final: true, transitions: { updated: "initial" } },
  ],
};
let page;
before(async () => {
  await putWorkflow(site(), DOCUMENT);
  page = await site().newPage({ title: "Picked" });
});
const on = (who) => site().as(who).on(page);
const offers = async (who) => Object.fromEntries(((await on(who).actions()).good().selects ?? []).map((one) => [one.to, one]));

test("everybody sees the buttons that are theirs, and only those who work on the page are told of others", async () => {
  const author = await offers(AUTHOR);
  assert.deepEqual([author.ready.offer.is, author.ready.name], ["open", "Mark as ready"]);
  assert.match(author.archived.offer.why, /only certain people/);
  assert.equal(author.archived.comment_required, true);
  const reader = await offers(VIEWER);
  assert.deepEqual([reader.ready.offer, reader.archived.offer], [{ is: "closed", why: null }, { is: "closed", why: null }]);
  assert.equal((await offers(SPACE_ADMIN)).archived.offer.is, "open");
});

test("whoever may not is refused, with the reason", async () => {
  (await on(VIEWER).select("ready")).refused(403, "not-allowed");
  (await on(AUTHOR).select("archived", { comment: "Old." })).refused(403, "not-for-you");
  assert.equal((await on(SPACE_ADMIN).select("archived")).refused(422, "bad-field").field, "comment");
  (await on(AUTHOR).select("review")).refused(409, "wrong-state");
  (await on(AUTHOR).select("nowhere")).refused(409, "wrong-state");
});

test("a transition is picked, and the history says by whom", async () => {
  const { status } = (await on(AUTHOR).select("ready", { comment: "Have a look." })).good();
  assert.equal(status.state.name, "Ready");
  const line = status.history.find((item) => item.what.is === "selected");
  assert.deepEqual([line.who, line.what.name, line.comment], [AUTHOR.name, "Mark as ready", "Have a look."]);
});

test("a button of a state that was left does nothing", async () => {
  const { seq } = (await on(AUTHOR).confirm()).good().status;
  (await on(AUTHOR).select("draft", { seq })).good();
  (await on(AUTHOR).select("ready")).good();
  (await on(AUTHOR).select("draft", { seq })).refused(409, "wrong-state");
  assert.equal((await on(AUTHOR).confirm()).good().status.state.name, "Ready");
});

test("one who has an older version on screen has to look again", async () => {
  const version = await site().sandbox.version(page);
  await site().sandbox.edit(page);
  const problem = (await on(AUTHOR).select("draft", { version })).refused(409, "page-moved");
  assert.equal(problem.page_version, version + 1);
});

test("an edit nobody told of comes first: the state it leads to is what the person has to look at", async () => {
  (await on(AUTHOR).select("draft")).refused(409, "wrong-state");
  await site().worker.idle();
  await site().drain();
  assert.equal((await on(AUTHOR).confirm()).good().status.state.name, "Draft", "it was looked at after the answer");
  await site().deliver();
});

test("a transition by role begins a review, and asks the people of that state", async () => {
  (await on(AUTHOR).select("ready")).good();
  (await on(ADMIN).select("review")).refused(403, "not-for-you");
  const { status } = (await on(AUTHOR).select("review")).good();
  assert.equal(status.state.name, "Review");
  assert.deepEqual(status.review.approvals[0].people.map((one) => one.name), [JONAS.name]);
});

test("two who pick at once: one transition, and the other is told", async () => {
  const other = await site().newPage({ title: "Raced" });
  const by = (who) => site().as(who).on(other);
  const { seq } = (await by(AUTHOR).confirm()).good().status;
  const answers = await Promise.all([by(AUTHOR).select("ready", { seq }), by(AUTHOR).select("ready", { seq })]);
  assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 409]);
  assert.equal((await site().journal(`page/${other}`)).filter((row) => row.kind === "selected").length, 1);
});

test("a page under no workflow offers nothing, and says so", async () => {
  const bare = site().as(AUTHOR).on(await site().sandbox.createPage({ title: "Never told", macro: false }));
  (await bare.call("/api/select", { to: "ready", page_version: 1, seq: 0 })).refused(409, "not-under-workflow");
});
