// A code verifies once; its step must be later than the last, and at most one off.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { AUTHOR, JONAS, PRIYA } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";
import { STEP_SECONDS } from "../support/totp.mjs";

const held = await siteForFile({ vars: { WORKFLOW_PARAMETERS: '{"approvers":"countersign-approvers","minimum":3}' } });
const STEP = STEP_SECONDS * 1000;
before(async () => {
  await held.current.as(JONAS).enrol();
  await held.current.as(PRIYA).enrol();
});

/** A challenge on a fresh page in review. */
async function challengeOnFreshPage() {
  const site = held.current;
  const page = await site.sandbox.createPage();
  (await site.as(AUTHOR).on(page).submit()).good();
  const jonas = site.as(JONAS).on(page);
  return { jonas, challenge: (await jonas.challenge()).good() };
}

/** To the middle of a step, so that offsets are what they say. */
async function middleOfStep() {
  const site = held.current;
  await site.advance(STEP * 4 - (site.now() % STEP) + STEP / 2);
}

test("a code used on one page is used on every other", async () => {
  const one = await challengeOnFreshPage();
  const two = await challengeOnFreshPage();
  const code = await one.jonas.code();
  (await one.jonas.decide(one.challenge, { code })).good();
  (await two.jonas.decide(two.challenge, { code })).refused(422, "code-used");
});

for (const [offset, fits] of [[-2, false], [-1, true], [0, true], [1, true], [2, false]]) {
  test(`a code ${offset} steps off is ${fits ? "accepted" : "wrong"}`, async () => {
    const { jonas, challenge } = await challengeOnFreshPage();
    await middleOfStep();
    const answer = await jonas.decide(challenge, { code: held.current.authenticators.at(JONAS.account, offset) });
    if (fits) answer.good();
    else answer.refused(422, "wrong-code");
  });
}

test("a code of an earlier step than the last accepted is used, though it was never entered", async () => {
  await middleOfStep();
  const first = await challengeOnFreshPage();
  (await first.jonas.decide(first.challenge, { code: held.current.authenticators.at(JONAS.account, 1) })).good();
  const second = await challengeOnFreshPage();
  for (const offset of [0, -1, 1]) {
    const code = held.current.authenticators.at(JONAS.account, offset);
    (await second.jonas.decide(second.challenge, { code })).refused(422, "code-used");
  }
});

test("somebody else's code is wrong", async () => {
  await middleOfStep();
  const { jonas, challenge } = await challengeOnFreshPage();
  const answer = await jonas.decide(challenge, { code: held.current.authenticators.at(PRIYA.account, 0) });
  const problem = answer.refused(422, "wrong-code");
  assert.equal(problem.field, "code");
  assert.equal(typeof problem.tries_left, "number");
});

test("a success sets the count back", async () => {
  await middleOfStep();
  const { jonas, challenge } = await challengeOnFreshPage();
  const before = await held.current.sql("SELECT failures FROM guess WHERE person = ?", JONAS.account);
  assert.ok(before[0].failures > 0, "there is something to set back");
  (await jonas.decide(challenge, { code: await jonas.code() })).good();
  const [row] = await held.current.sql("SELECT failures, locked_until FROM guess WHERE person = ?", JONAS.account);
  assert.deepEqual(row, { failures: 0, locked_until: 0 });
});

test("a refused code is in the journal, the code itself is not", async () => {
  await middleOfStep();
  const { jonas, challenge } = await challengeOnFreshPage();
  const wrong = jonas.wrongCode();
  (await jonas.decide(challenge, { code: wrong })).refused(422, "wrong-code");
  const facts = await held.current.journal(`person-facts/${JONAS.account}`);
  const last = facts.findLast((row) => row.kind === "attempt-failed").entry.event;
  assert.deepEqual([last.kind, last.purpose, last.reason], ["attempt-failed", "decision", "wrong"]);
  assert.ok(!JSON.stringify(last).includes(wrong));
});
