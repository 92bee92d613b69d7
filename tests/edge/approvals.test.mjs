// Several approvals of a state: side by side, one after another, by everybody asked, with reviewers named by the submitter;
// what each person is offered, and what needs a code.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ADMIN, AUTHOR, GUEST, JONAS, PRIYA, REVIEWERS, VIEWER } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";
import { plantPolicy } from "../support/plant-policy.mjs";
import { putWorkflow } from "../support/workflows.mjs";

const held = await siteForFile();
const site = () => held.current;

const approval = (id, name, more) => ({ id, name, meaning: `${name}: yes`, meaning_of_rejection: `${name}: no`, ...more });
const DOCUMENT = {
  format: 1,
  id: "page-approval",
  name: "Two stages",
  states: [
    { id: "draft", name: "Draft", initial: true, transitions: { submit: { to: "review", comment: "required" } } },
    {
      id: "review", name: "Review",
      approvals: [
        approval("owners", "Owners", { mode: "all", reviewers: { users: [JONAS.account, PRIYA.account] }, exclude: ["submitter"] }),
        approval("readers", "Readers", { reviewers: { assigned: { at_least: 1 } }, comment_on_reject: true }),
        approval("release", "Release", { after: ["owners", "readers"], reviewers: { users: [ADMIN.account] }, step_up: "required" }),
      ],
      transitions: { approved: "done", rejected: "draft", updated: "initial" },
    },
    { id: "done", name: "Done", colour: "green", final: true, transitions: { updated: "initial" } },
  ],
};
let page;

before(async () => {
  await putWorkflow(site(), DOCUMENT);
  for (const who of [JONAS, PRIYA, VIEWER, ADMIN]) await site().as(who).enrol();
  page = await site().newPage({ title: "Two stages" });
});

const on = (who) => site().as(who).on(page);
const mine = async (who) => Object.fromEntries((await on(who).actions()).good().approvals?.map((one) => [one.approval, one]) ?? []);

test("whoever submits is told what submitting asks for", async () => {
  const { submit, submitting } = (await on(AUTHOR).actions()).good();
  assert.equal(submit.is, "open");
  assert.deepEqual(submitting, { comment_required: true, assign: [{ approval: "readers", name: "Readers", at_least: 1, candidates: [] }] });
});

test("without a comment or a reviewer it is refused, and the field is named", async () => {
  assert.equal((await on(AUTHOR).submit({ assigned: { readers: [VIEWER.account] } })).refused(422, "bad-field").field, "comment");
  const problem = (await on(AUTHOR).submit({ comment: "Please." })).refused(422, "name-reviewers");
  assert.match(problem.detail, /at least 1 person for “Readers”/);
  assert.equal(problem.field, "assigned");
});

test("somebody who can't see the page, has left, or is nobody is not named", async () => {
  await site().sandbox.restrict(page, { accounts: [AUTHOR, JONAS, PRIYA, ADMIN, VIEWER].map((one) => one.account), groups: [] });
  const naming = (...accounts) => on(AUTHOR).submit({ comment: "Please.", assigned: { readers: accounts } });
  (await naming(GUEST.account)).refused(422, "cannot-be-asked");
  (await naming("712020:nobody")).refused(422, "cannot-be-asked");
  await site().sandbox.deactivate(VIEWER.account);
  (await naming(VIEWER.account)).refused(422, "cannot-be-asked");
  await site().sandbox.deactivate(VIEWER.account, false);
  await site().sandbox.restrict(page, {});
  (await on(AUTHOR).submit({ comment: "Please.", assigned: { owners: [VIEWER.account] } })).refused(422, "cannot-be-asked");
  (await naming(...Array.from({ length: 21 }, (_, index) => `712020:x${index}`))).refused(422, "bad-field");
  assert.deepEqual((await site().journal(`page/${page}`)).map((row) => row.kind), ["workflow-started"], "nothing of this was recorded");
});

test("all approvals are shown with who is asked and who is missing", async () => {
  const { status } = (await on(AUTHOR).submit({ comment: "Please.", assigned: { readers: [VIEWER.account] } })).good();
  const [owners, readers, release] = status.review.approvals;
  assert.deepEqual(owners.people.map((one) => [one.name, one.decision]), [[JONAS.name, null], [PRIYA.name, null]]);
  assert.deepEqual([owners.required, owners.standing, owners.open], [2, "pending", false]);
  assert.deepEqual(readers.people.map((one) => one.name), [VIEWER.name]);
  assert.deepEqual([release.standing, release.after], ["waiting", ["Owners", "Readers"]]);
  assert.deepEqual((await on(VIEWER).confirm()).good().status, status, "the names were stored");
});

test("only names that events refer to are stored, each with a salt", async () => {
  const texts = await site().sql("SELECT body, salt FROM text WHERE body IN (?, ?, ?, ?)", JONAS.name, PRIYA.name, VIEWER.name, ADMIN.name);
  for (const who of [JONAS, PRIYA, VIEWER, ADMIN]) assert.ok(texts.some((row) => row.body === who.name), who.name);
  assert.ok(texts.every((row) => /^[0-9a-f]{32}$/.test(row.salt)));
  const journal = JSON.stringify((await site().journal(`page/${page}`)).map((row) => row.entry));
  assert.ok(!journal.includes(PRIYA.name), "no name is in the journal itself");
});

test("each person is offered what asks them, and told why not where it is their turn later", async () => {
  assert.deepEqual(Object.keys(await mine(JONAS)), ["owners"]);
  assert.equal((await mine(JONAS)).owners.decide.is, "open");
  assert.equal((await on(JONAS).actions()).good().factor, "enrolled");
  const waiting = (await mine(ADMIN)).release;
  assert.equal(waiting.decide.is, "closed");
  assert.match(waiting.decide.why, /“Release” waits for other approvals/);
  assert.deepEqual(await mine(AUTHOR), {});
  (await on(ADMIN).challenge()).refused(409, "not-yet");
  (await on(JONAS).challenge("approve", { approval: "readers" })).refused(403, "not-reviewer");
});

const decide = async (who, decision, { approval, comment = "" } = {}) => {
  const challenge = (await on(who).challenge(decision, { approval })).good();
  return on(who).decide(challenge, { code: await on(who).code(), comment });
};

test("everybody asked must approve before the next comes", async () => {
  assert.equal((await on(JONAS).challenge()).good().shown.approval, "Owners");
  (await decide(JONAS, "approve")).good();
  (await on(JONAS).challenge()).refused(409, "already-decided");
  const { status } = (await decide(VIEWER, "approve")).good();
  assert.deepEqual(status.review.approvals.map((one) => one.standing), ["pending", "approved", "waiting"]);
  assert.deepEqual(status.review.approvals[0].people.map((one) => one.decision), ["approve", null]);
  const after = (await decide(PRIYA, "approve")).good().status;
  assert.deepEqual(after.review.approvals.map((one) => one.standing), ["approved", "approved", "pending"]);
  (await on(VIEWER).challenge()).refused(409, "already-decided");
});

test("the space page knows for whom it waits", async () => {
  const waits = async (who) => {
    const { pages } = (await site().as(who).from("approval-space").call("/api/space/overview")).good();
    return pages.find((one) => one.page === page).waits_for_me;
  };
  assert.deepEqual([await waits(ADMIN), await waits(JONAS), await waits(PRIYA)], [true, false, false]);
});

test("an approval that demands a code gets none without, whatever the policy asks for", async () => {
  await plantPolicy(site(), () => ({ rules: [] }));
  const challenge = (await on(ADMIN).challenge()).good();
  assert.equal(challenge.code_required, true);
  assert.equal((await on(ADMIN).actions()).good().factor, "enrolled");
  assert.equal((await on(ADMIN).decide(challenge, {})).refused(422, "bad-field").field, "code");
});

test("the last approval completes the state, with every signature", async () => {
  const { status } = (await decide(ADMIN, "approve")).good();
  assert.equal(status.state.name, "Done");
  assert.deepEqual(status.approved.signatures.map((one) => [one.name, one.approval]).sort(), [
    [JONAS.name, "Owners"], [PRIYA.name, "Owners"], [ADMIN.name, "Release"], [VIEWER.name, "Readers"],
  ].sort());
});

test("one rejection by somebody asked ends it, without a code where none is asked for", async () => {
  await site().edit(page);
  (await on(AUTHOR).submit({ comment: "Again.", assigned: { readers: [VIEWER.account] } })).good();
  const challenge = (await on(VIEWER).challenge("reject")).good();
  assert.deepEqual([challenge.shown.comment_required, challenge.code_required], [true, false]);
  assert.equal((await on(VIEWER).decide(challenge, {})).refused(422, "bad-field").field, "comment");
  const { status } = (await on(VIEWER).decide(challenge, { comment: "Section 3 is wrong." })).good();
  assert.equal(status.state.name, "Draft");
});

test("a code that was sent is compared, also where none was asked for", async () => {
  const other = await site().newPage({ title: "With a code" });
  const by = (who) => site().as(who).on(other);
  (await by(AUTHOR).submit({ comment: "x", assigned: { readers: [VIEWER.account] } })).good();
  const challenge = (await by(VIEWER).challenge()).good();
  (await by(VIEWER).decide(challenge, { code: by(VIEWER).wrongCode() })).refused(422, "wrong-code");
  const { status } = (await by(VIEWER).decide(challenge, { code: await by(VIEWER).code() })).good();
  assert.equal(status.review.approvals[1].decisions[0].signed, true);
  const [{ failures } = { failures: 0 }] = await site().sql("SELECT failures FROM guess WHERE person = ?", VIEWER.account);
  assert.equal(failures, 0, "a right code is a success");
});

test("a group too small for what is asked is told before anybody waits for it", async () => {
  const document = structuredClone(DOCUMENT);
  document.states[1].approvals = [approval("all", "All", { mode: { minimum: 9 }, reviewers: { groups: [REVIEWERS] } })];
  await putWorkflow(site(), document);
  const small = await site().newPage({ title: "Too few" });
  const problem = (await site().as(AUTHOR).on(small).submit({ comment: "x" })).refused(422, "too-few-to-ask");
  assert.match(problem.detail, /needs 9 people, but only 3/);
});
