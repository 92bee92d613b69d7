// Step-up sessions: one confirmation stands for a while, as long as the policy in force lets it.
import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { AUTHOR, JONAS, SITE } from "../support/identities.mjs";
import { putRules, rule, session } from "../support/rules.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const site = () => held.current;
const jonas = () => site().as(JONAS);
const rows = () => site().sql("SELECT * FROM session ORDER BY began_at, id");
const lastProof = async () => (await site().journal()).findLast((one) => one.kind === "decided").entry.event.proof;

/** The page is in review once more. */
async function again() {
  await site().edit();
  (await site().as(AUTHOR).submit()).good();
}

before(async () => {
  (await site().as(AUTHOR).submit()).good();
  await jonas().enrol();
});

beforeEach(async () => {
  await site().sql("DELETE FROM session");
  await putRules(site(), rule(["approve", "reject"], session(15)));
  await again();
});

test("the first confirmation is told what it spares, uses a code and begins a session in its own batch", async () => {
  const challenge = (await jonas().challenge()).good();
  assert.deepEqual(challenge.how.factors, ["totp"]);
  assert.equal(challenge.how.begins_session, 15);
  assert.equal(challenge.how.session_until, undefined);
  const answer = await jonas().decide(challenge, { code: await jonas().code() });
  answer.good();
  assert.equal(answer.roundTrips.length, 2);
  const [begun] = await rows();
  assert.equal(begun.kind, "totp");
  assert.equal(begun.until_at - begun.began_at, 15 * 60_000);
  const proof = await lastProof();
  assert.equal(proof.factor.kind, "totp");
  assert.deepEqual(proof.session, { session: begun.id, kind: "totp", began_at: begun.began_at });
});

test("within it no code is asked for, and the entry names the session", async () => {
  (await jonas().approve()).good();
  const [begun] = await rows();
  await again();
  const challenge = (await jonas().challenge("reject")).good();
  assert.equal(challenge.code_required, false);
  assert.deepEqual(challenge.how.factors, []);
  assert.equal(challenge.how.session_until, begun.began_at + 15 * 60_000);
  (await jonas().decide(challenge, { comment: "Say more." })).good();
  const proof = await lastProof();
  assert.equal(proof.factor, undefined);
  assert.equal(proof.session.session, begun.id);
  assert.equal((await rows()).length, 1, "using it begins no other");
});

test("at its end a code is asked for again, a moment before it is not", async () => {
  await site().freeze();
  (await jonas().approve()).good();
  await again();
  const [{ began_at }] = await rows();
  await site().advance(began_at + 15 * 60_000 - 1 - site().now());
  assert.equal((await jonas().challenge()).good().code_required, false);
  await site().advance(1);
  assert.equal((await jonas().challenge()).good().code_required, true);
});

test("what was shown while it lasted is worth nothing after its end", async () => {
  (await jonas().approve()).good();
  await again();
  await site().advance(14 * 60_000);
  const challenge = (await jonas().challenge()).good();
  assert.equal(challenge.code_required, false);
  await site().advance(2 * 60_000);
  const refusal = (await jonas().decide(challenge)).refused(422, "bad-field");
  assert.equal(refusal.field, "code");
  (await jonas().decide(challenge, { code: await jonas().code() })).good();
});

test("a tighter policy ends it, a wider one does not make it last longer than it says", async () => {
  (await jonas().approve()).good();
  await site().advance(6 * 60_000);
  await again();
  assert.equal((await jonas().challenge()).good().code_required, false);
  await putRules(site(), rule(["approve", "reject"], session(5)));
  assert.equal((await jonas().challenge()).good().code_required, true);
  await putRules(site(), rule(["approve", "reject"], session(8 * 60)));
  await site().advance(10 * 60_000);
  assert.equal((await jonas().challenge()).good().code_required, true, "the row itself is over");
});

test("it is of one person on one site", async () => {
  (await jonas().approve()).good();
  const [begun] = await rows();
  assert.equal(begun.site, SITE.key);
  assert.equal(begun.person, JONAS.account);
});

test("what ran out is swept away", async () => {
  (await jonas().approve()).good();
  await site().advance(26 * 3600_000);
  (await site().hourly()).good();
  assert.equal((await rows()).length, 0);
});
