// Who is asked: groups small and large, roles, those who edited since the last approval, and the next stage of a review.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ADMIN, AUTHOR, JONAS, PRIYA, REVIEWERS, SPACE_ADMIN, VIEWER } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";
import { putWorkflow } from "../support/workflows.mjs";

const held = await siteForFile();
const site = () => held.current;

/** A workflow whose states ask for these approvals, one state after another. */
function staged(...stages) {
  const state = (approval, index) => ({
    id: `s${index}`, name: `Stage ${index + 1}`,
    approvals: [{ id: "a", name: `Approval ${index + 1}`, meaning: "Yes.", meaning_of_rejection: "No.", ...approval }],
    transitions: { approved: index + 1 < stages.length ? `s${index + 1}` : "done", rejected: "draft", updated: "initial" },
  });
  return {
    format: 1, id: "page-approval", name: "Staged",
    states: [
      { id: "draft", name: "Draft", initial: true, transitions: { submit: { to: "s0" } } },
      ...stages.map(state),
      { id: "done", name: "Done", final: true, transitions: { updated: "initial" } },
    ],
  };
}
const users = (...people) => ({ users: people.map((one) => one.account) });
async function submitted(document, { by = AUTHOR } = {}) {
  await putWorkflow(site(), document);
  const page = await site().newPage({ title: "Asked" });
  const answer = await site().as(by).on(page).submit();
  return { page, answer };
}

before(async () => {
  for (const who of [JONAS, PRIYA, VIEWER, SPACE_ADMIN]) await site().as(who).enrol();
});

test("the next stage asks its own people, in two round trips as ever, and what was signed stays with it", async () => {
  const { page } = await submitted(staged({ reviewers: users(JONAS) }, { mode: "all", reviewers: { groups: [REVIEWERS] }, exclude: ["submitter"] }));
  const jonas = site().as(JONAS).on(page);
  const challenge = (await jonas.challenge()).good();
  const answer = await jonas.decide(challenge, { code: await jonas.code() });
  const { status } = answer.good();
  assert.equal(answer.roundTrips.length, 2);
  assert.equal(status.state.name, "Stage 2");
  assert.deepEqual(status.review.earlier.map((one) => one.name), [JONAS.name]);
  assert.deepEqual(status.review.approvals[0].people.map((one) => one.name).sort(), [ADMIN, JONAS, PRIYA].map((one) => one.name).sort());
  assert.deepEqual((await site().as(VIEWER).on(page).confirm()).good().status, status);
});

test("a group too large to be listed is asked as a group, unless everybody in it is counted", async () => {
  const crowd = Array.from({ length: 201 }, (_, number) => `712020:crowd-${number}`);
  for (const account of crowd) {
    await site().sandbox.putPerson({ accountId: account, name: account, email: `${account.slice(7)}@example.com` });
  }
  await site().sandbox.putGroup({ id: "crowd", name: "Everybody", members: [...crowd, PRIYA.account] });
  const asking = (mode) => staged({ mode, reviewers: { groups: ["crowd"] } });
  const { page, answer } = await submitted(asking("any"));
  const [approval] = answer.good().status.review.approvals;
  assert.deepEqual([approval.people, approval.groups, approval.open], [[], ["Everybody"], true]);
  (await site().as(VIEWER).on(page).challenge()).refused(403, "not-reviewer");
  assert.equal((await site().as(PRIYA).on(page).approve()).good().status.state.name, "Done");
  assert.match((await submitted(asking("all"))).answer.refused(422, "too-many-to-ask").detail, /more than 200 members/);
});

test("everybody who edited since the last approval is kept from deciding, whoever submits", async () => {
  const { page } = await submitted(staged({ reviewers: users(JONAS, PRIYA, VIEWER), exclude: ["editors-since-approval"] }));
  const on = (who) => site().as(who).on(page);
  (await on(JONAS).approve()).good();
  await site().sandbox.edit(page, { account: PRIYA.account });
  await site().sandbox.edit(page, { account: AUTHOR.account });
  // Nobody told the Worker of the first of the two: it asks Confluence who wrote what.
  const events = await site().sandbox.events();
  (await site().event(events.at(-1))).good();
  await site().drain();
  const { status } = (await on(AUTHOR).submit()).good();
  assert.deepEqual(status.review.approvals[0].people.map((one) => one.name).sort(), [JONAS.name, VIEWER.name].sort());
  assert.match((await on(PRIYA).challenge()).refused(403, "not-reviewer").detail, /does not ask you/);
  (await on(VIEWER).challenge()).good();
});

test("whoever administers the space is asked where that role is, by Confluence's word of now", async () => {
  const { page, answer } = await submitted(staged({ reviewers: { roles: ["space-admin"] } }));
  const [approval] = answer.good().status.review.approvals;
  assert.deepEqual([approval.people, approval.roles, approval.open], [[], ["space-admin"], true]);
  (await site().as(JONAS).on(page).challenge()).refused(403, "not-reviewer");
  const { pages } = (await site().as(SPACE_ADMIN).from("approval-space").call("/api/space/overview")).good();
  assert.equal(pages.find((one) => one.page === page).waits_for_me, true);
  assert.equal((await site().as(SPACE_ADMIN).on(page).approve()).good().status.state.name, "Done");
});

test("whoever may edit is asked where that role is; readers are not", async () => {
  const { page } = await submitted(staged({ reviewers: { roles: ["editor"] }, exclude: ["submitter"] }));
  (await site().as(VIEWER).on(page).challenge()).refused(403, "not-reviewer");
  (await site().as(AUTHOR).on(page).challenge()).refused(403, "excluded");
  assert.equal((await site().as(PRIYA).on(page).approve()).good().status.state.name, "Done");
});

test("the creator and the last editor are asked by name", async () => {
  await putWorkflow(site(), staged({ mode: "all", reviewers: { roles: ["creator", "last-editor"] } }));
  const page = await site().newPage({ title: "Roles", account: JONAS.account });
  await site().edit(page, { account: PRIYA.account });
  const { status } = (await site().as(AUTHOR).on(page).submit()).good();
  assert.deepEqual(status.review.approvals[0].people.map((one) => one.name).sort(), [JONAS.name, PRIYA.name].sort());
});

test("somebody who left is not waited for", async () => {
  await site().sandbox.deactivate(VIEWER.account);
  const { answer } = await submitted(staged({ mode: "all", reviewers: users(JONAS, VIEWER) }));
  assert.deepEqual(answer.good().status.review.approvals[0].people.map((one) => one.name), [JONAS.name]);
  await site().sandbox.deactivate(VIEWER.account, false);
});

test("a group that is no more asks nobody, and the submitter is told", async () => {
  const { answer } = await submitted(staged({ reviewers: { groups: ["gone"] } }));
  answer.refused(422, "too-few-to-ask");
});
