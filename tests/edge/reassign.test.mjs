// Asking somebody in another's place or besides, and passing one's own seat on.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ADMIN, AUTHOR, GUEST, JONAS, PRIYA, SPACE_ADMIN, VIEWER } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";
import { putWorkflow } from "../support/workflows.mjs";

const held = await siteForFile();
const site = () => held.current;
const DOCUMENT = {
  format: 1,
  id: "page-approval",
  name: "Seats",
  states: [
    { id: "draft", name: "Draft", initial: true, transitions: { submit: { to: "review" } } },
    {
      id: "review", name: "Review",
      approvals: [
        {
          id: "owners", name: "Owners", mode: "all", delegate: true, exclude: ["last-editor"],
          reviewers: { users: [JONAS.account, PRIYA.account] },
          meaning: "Yes.", meaning_of_rejection: "No.",
        },
      ],
      transitions: { approved: "done", rejected: "draft", updated: "initial" },
    },
    { id: "done", name: "Done", final: true, transitions: { updated: "initial" } },
  ],
};
let page;
before(async () => {
  await putWorkflow(site(), DOCUMENT);
  for (const who of [JONAS, PRIYA, VIEWER, ADMIN]) await site().as(who).enrol();
  page = await site().newPage({ title: "Seats" });
  (await site().as(AUTHOR).on(page).submit()).good();
});
const on = (who) => site().as(who).on(page);
const own = async (who) => (await on(who).actions()).good().approvals?.find((one) => one.approval === "owners");
const seats = (status) => status.review.approvals[0].people.map((one) => one.name).sort();

test("who may do what is told with the buttons", async () => {
  const jonas = await own(JONAS);
  assert.deepEqual([jonas.delegate, jonas.reassign], [true, false]);
  const admin = await own(SPACE_ADMIN);
  assert.deepEqual([admin.delegate, admin.reassign, admin.decide.is], [false, true, "closed"]);
  assert.equal(await own(VIEWER), undefined);
});

test("a reviewer passes the seat on, and the journal says that they did", async () => {
  const { status } = (await on(JONAS).reassign("owners", { from: JONAS, to: VIEWER, comment: "On leave." })).good();
  assert.deepEqual(seats(status), [PRIYA.name, VIEWER.name].sort());
  const [last] = (await site().journal(`page/${page}`)).slice(-1);
  assert.deepEqual([last.kind, last.entry.event.delegated, last.entry.event.to.account], ["reassigned", true, VIEWER.account]);
  assert.ok(!JSON.stringify(last.entry).includes(VIEWER.name), "the name is an erasable text");
  assert.equal(status.history[0].what.to, VIEWER.name);
  (await on(JONAS).challenge()).refused(403, "not-reviewer");
  (await on(VIEWER).challenge()).good();
});

test("nobody passes on what is not theirs", async () => {
  (await on(VIEWER).reassign("owners", { from: PRIYA, to: ADMIN })).refused(403, "not-for-you");
  (await on(JONAS).reassign("owners", { from: JONAS, to: ADMIN })).refused(403, "not-reviewer");
  (await on(AUTHOR).reassign("owners", { to: ADMIN })).refused(403, "not-for-you");
});

test("who can't see the page, has left, is asked already or is kept from deciding is not asked", async () => {
  const to = (who) => on(SPACE_ADMIN).reassign("owners", { from: PRIYA, to: who });
  await site().sandbox.restrict(page, { accounts: [AUTHOR, JONAS, PRIYA, VIEWER, SPACE_ADMIN].map((one) => one.account), groups: [] });
  assert.match((await to(GUEST)).refused(422, "cannot-be-asked").detail, /can't see the page/);
  await site().sandbox.restrict(page, {});
  await site().sandbox.deactivate(ADMIN.account);
  (await to(ADMIN)).refused(422, "cannot-be-asked");
  await site().sandbox.deactivate(ADMIN.account, false);
  (await to({ account: "712020:nobody" })).refused(422, "cannot-be-asked");
  assert.match((await to(VIEWER)).refused(422, "cannot-be-asked").detail, /asked already/);
  (await to(AUTHOR)).refused(422, "cannot-be-asked");
  (await on(SPACE_ADMIN).reassign("nothing", { to: ADMIN })).refused(409, "no-such-approval");
});

test("an admin of the space puts somebody in another's place, and asks somebody besides", async () => {
  const { status } = (await on(SPACE_ADMIN).reassign("owners", { from: PRIYA, to: JONAS })).good();
  assert.deepEqual(seats(status), [JONAS.name, VIEWER.name].sort());
  (await on(PRIYA).challenge()).refused(403, "not-reviewer");
  const more = (await on(SPACE_ADMIN).reassign("owners", { to: ADMIN })).good().status;
  assert.equal(more.review.approvals[0].required, 3);
});

test("everybody who is asked now decides, and whoever decided keeps their seat", async () => {
  const sign = async (who) => (await on(who).approve()).good().status;
  await sign(VIEWER);
  (await on(SPACE_ADMIN).reassign("owners", { from: VIEWER, to: PRIYA })).refused(409, "already-decided");
  assert.equal((await own(VIEWER)).delegate, false);
  await sign(JONAS);
  assert.equal((await sign(ADMIN)).state.name, "Done");
  (await on(SPACE_ADMIN).reassign("owners", { to: PRIYA })).refused(409, "wrong-state");
});
