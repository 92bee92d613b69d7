// A page runs on the version of the workflow it began with, whatever becomes of the workflow; what the site begins with,
// and what a new deployment may change.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { AUTHOR, JONAS, POLICY_PAGE, SITE, VIEWER } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";
import { putEntry, putWorkflow } from "../support/workflows.mjs";

const held = await siteForFile();
const site = () => held.current;
const document = (name, approval) => ({
  format: 1,
  id: "page-approval",
  name,
  parameters: [{ name: "who", type: "user", default: JONAS.account }],
  states: [
    { id: "draft", name: `Draft of ${name}`, initial: true, transitions: { submit: { to: "review" } } },
    {
      id: "review", name: "Review",
      approvals: [{ id: "a", name: approval, reviewers: { users: ["${who}"] }, meaning: `${name} meant`, meaning_of_rejection: "No." }],
      transitions: { approved: "done", rejected: "draft", updated: "initial" },
    },
    { id: "done", name: "Done", final: true, transitions: { updated: "initial" } },
  ],
});
before(async () => {
  await site().as(JONAS).enrol();
});

test("a site begins with the built-in workflow, a rule that lets every page use it, and its row in the index", async () => {
  const [first] = await site().journal("workflow/page-approval");
  assert.deepEqual(first.entry.actor, { is: "system" });
  assert.equal(first.entry.event.document.id, "page-approval");
  assert.deepEqual(first.entry.event.values.site, { approvers: "countersign-approvers", minimum: 1 });
  const [rules] = await site().journal("assignment/site");
  assert.deepEqual(rules.entry.event.rules, [{ id: "built-in", scope: { of: "site" }, workflow: "page-approval", mode: "enabled" }]);
  const rows = await site().sql("SELECT id, name, version, standing FROM workflow WHERE site = ?", SITE.key);
  assert.deepEqual(rows, [{ id: "page-approval", name: "Page approval", version: 1, standing: "active" }]);
});

test("a page keeps the version it began with, the next one takes the newest", async () => {
  (await site().as(AUTHOR).submit()).good();
  const [one, two] = [await site().newPage({ title: "One" }), await putWorkflow(site(), document("Second", "Owners"))];
  assert.equal(two, 2);
  const fresh = await site().newPage({ title: "Two" });
  const label = async (page) => (await site().as(VIEWER).on(page).confirm()).good().status.workflow;
  assert.deepEqual(await label(one), { name: "Page approval", version: 1 });
  assert.deepEqual(await label(fresh), { name: "Second", version: 2 });
  const challenge = (await site().as(JONAS).challenge()).good();
  assert.equal(challenge.shown.approval, "Approvers");
});

test("a newer version between challenge and decision is no obstacle to a page that does not run on it", async () => {
  const jonas = site().as(JONAS);
  const challenge = (await jonas.challenge()).good();
  await putWorkflow(site(), document("Third", "Others"));
  const { status } = (await jonas.decide(challenge, { code: await jonas.code() })).good();
  assert.deepEqual([status.state.name, status.workflow.version], ["Approved", 1]);
});

test("values of the site fill the parameters", async () => {
  await putWorkflow(site(), document("Valued", "Owners"), { values: { who: VIEWER.account } });
  const page = await site().newPage({ title: "Valued" });
  const { status } = (await site().as(AUTHOR).on(page).submit()).good();
  assert.deepEqual(status.review.approvals[0].people.map((one) => one.name), [VIEWER.name]);
});

test("without its row in lists a page still runs on its version", async () => {
  const page = await site().newPage({ title: "No row" });
  const { status } = (await site().as(VIEWER).on(page).confirm()).good();
  await site().sql("DELETE FROM dashboard");
  assert.deepEqual((await site().as(VIEWER).on(page).confirm()).good().status, status);
  const submitted = (await site().as(AUTHOR).on(page).submit()).good().status;
  assert.equal(submitted.workflow.version, status.workflow.version);
  await site().sql("UPDATE dashboard SET workflow_version = 1");
  const again = (await site().as(VIEWER).on(page).confirm()).good().status;
  assert.equal(again.review.approvals[0].name, "Owners", "a row that says something else is not believed");
});

test("a new deployment leaves alone what an admin made", async () => {
  const before = (await site().journal("workflow/page-approval")).length;
  site().bindings = { ...site().bindings, WORKFLOW_PARAMETERS: '{"approvers":"countersign-approvers","minimum":2}' };
  await site().hourly();
  assert.equal((await site().journal("workflow/page-approval")).length, before);
});

test("a page no rule assigns a workflow to says so, wherever one looks", async () => {
  const bare = await site().sandbox.createPage({ title: "Bare" });
  await putEntry(site(), "assignment/site", { kind: "assignments-set", version: 2, rules: [] });
  await site().deliver();
  assert.deepEqual(await site().journal(`page/${bare}`), []);
  for (const answer of [await site().as(VIEWER).on(bare).status(), await site().as(VIEWER).on(bare).confirm(), await site().as(AUTHOR).on(bare).submit()]) {
    assert.match(answer.refused(409, "not-under-workflow").detail, /No workflow is assigned to this page/);
  }
  assert.equal((await site().as(AUTHOR).on(bare).actions()).good().submit.is, "closed");
  const { status } = (await site().as(VIEWER).on(POLICY_PAGE).confirm()).good();
  assert.equal(status.state.name, "Approved", "pages under it stay");
});
