// Eight approvers on one page at the same moment: each decision is recorded, none is lost, the last one completes.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { AUTHOR, POLICY_PAGE, REVIEWERS, VIEWER } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile({ vars: { WORKFLOW_PARAMETERS: '{"approvers":"countersign-approvers","minimum":8}' } });
const EIGHT = Array.from({ length: 8 }, (_, number) => ({
  account: `712020:reviewer-${number}`,
  name: `Reviewer ${number}`,
  email: `reviewer-${number}@example.com`,
  accountType: "licensed",
}));
let answers;

before(async () => {
  const site = held.current;
  for (const { account, name, email } of EIGHT) {
    await site.sandbox.putPerson({ accountId: account, name, email, editor: true });
  }
  await site.sandbox.putGroup({ id: REVIEWERS, name: "Policy approvers", members: EIGHT.map((one) => one.account) });
  for (const who of EIGHT) await site.as(who).enrol();
  (await site.as(AUTHOR).submit()).good();
});

test("all eight are accepted", async () => {
  const site = held.current;
  const ready = [];
  for (const who of EIGHT) {
    const challenge = (await site.as(who).challenge()).good();
    ready.push({ person: site.as(who), challenge, code: await site.as(who).code() });
  }
  answers = await Promise.all(ready.map(({ person, challenge, code }) => person.decide(challenge, { code }, { settle: false })));
  for (const answer of answers) assert.equal(answer.good().repeated, false);
});

test("each is in the journal once, at the place the answer named", async () => {
  const decided = (await held.current.journal()).filter((row) => row.kind === "decided");
  assert.equal(decided.length, 8);
  assert.deepEqual(decided.map((row) => row.entry.actor.account).sort(), EIGHT.map((one) => one.account));
  assert.deepEqual(decided.map((row) => row.seq).sort((a, b) => a - b), answers.map((one) => one.body.seq).sort((a, b) => a - b));
});

test("the last one completes the approval, and everybody is named", async () => {
  const { status } = (await held.current.as(VIEWER).confirm()).good();
  assert.equal(status.state.name, "Approved");
  assert.deepEqual(status.approved.signatures.map((one) => one.name).sort(), EIGHT.map((one) => one.name));
  const entered = (await held.current.journal()).filter((row) => row.kind === "state-entered");
  assert.equal(entered.filter((row) => row.entry.event.cause === "approved").length, 1);
});

test("the journal has no gap, and the copy shows its head", async () => {
  const site = held.current;
  const rows = await site.journal();
  assert.deepEqual(rows.map((row) => row.seq), rows.map((_, index) => index + 1));
  const positions = (await site.sql("SELECT position FROM journal ORDER BY position")).map((row) => row.position);
  assert.deepEqual(positions, positions.map((_, index) => index));
  await site.advance(10_000);
  await site.drain();
  assert.equal((await site.as(VIEWER).on(POLICY_PAGE).status()).good().status.seq, rows.length);
});
