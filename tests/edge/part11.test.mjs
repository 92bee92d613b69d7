// 21 CFR 11.200(a)(1)(i) to the letter: the first signature of a series uses both components, the account's address and a
// code; each later one uses a code.
import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { AUTHOR, JONAS } from "../support/identities.mjs";
import { putRules, rule, session } from "../support/rules.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const site = () => held.current;
const jonas = () => site().as(JONAS);
const decided = async () => (await site().journal()).filter((one) => one.kind === "decided");
const failures = async () => (await site().sql("SELECT failures FROM guess WHERE person = ?", JONAS.account))[0]?.failures ?? 0;
const letter = (minutes = 15) => rule(["approve", "reject"], { ...session(minutes), part_11: true });

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
  await site().sql("UPDATE guess SET failures = 0, locked_until = 0");
  await putRules(site(), letter());
  await again();
});

test("the first asks for the address and a code, and says why", async () => {
  const { how, code_required } = (await jonas().challenge()).good();
  assert.equal(how.identification, true);
  assert.equal(code_required, true);
  assert.equal(how.begins_session, 15);
  assert.ok(how.because.some((one) => one.includes("21 CFR 11.200")));
});

test("both right: recorded with both, however the address is written", async () => {
  const challenge = (await jonas().challenge()).good();
  (await jonas().decide(challenge, { code: await jonas().code(), identification: " Jonas@EXAMPLE.com " })).good();
  const { proof } = (await decided()).at(-1).entry.event;
  assert.equal(proof.identified, true);
  assert.equal(proof.session.identified, true);
  assert.equal(proof.factor.kind, "totp");
  const text = JSON.stringify(await site().journal()) + JSON.stringify(await site().sql("SELECT * FROM session"));
  assert.ok(!text.toLowerCase().includes("jonas@example"), "the address itself is kept nowhere");
});

test("without the address it is refused beside its field, though the code is right", async () => {
  const [challenge, count] = [(await jonas().challenge()).good(), (await decided()).length];
  const refusal = (await jonas().decide(challenge, { code: await jonas().code() })).refused(422, "bad-field");
  assert.equal(refusal.field, "identification");
  assert.equal((await decided()).length, count);
});

test("with somebody else's address it is refused, and counts as a wrong code", async () => {
  const [challenge, count] = [(await jonas().challenge()).good(), (await decided()).length];
  const code = await jonas().code();
  const refusal = (await jonas().decide(challenge, { code, identification: AUTHOR.email })).refused(422, "wrong-code");
  assert.equal(refusal.field, "identification");
  assert.equal(await failures(), 1);
  assert.equal((await decided()).length, count);
  // Nothing was used up: with the right address the very same code counts.
  (await jonas().decide(challenge, { code, identification: JONAS.email })).good();
});

test("the right address does not stand for a code", async () => {
  const challenge = (await jonas().challenge()).good();
  (await jonas().decide(challenge, { identification: JONAS.email })).refused(422, "bad-field");
});

test("later ones of the series need a code and no address, until it ends", async () => {
  const first = (await jonas().challenge()).good();
  (await jonas().decide(first, { code: await jonas().code(), identification: JONAS.email })).good();
  await again();
  const { how, challenge, shown } = (await jonas().challenge()).good();
  assert.equal(how.identification ?? false, false);
  assert.deepEqual(how.factors, ["totp"]);
  assert.ok(how.session_until > site().now());
  (await jonas().decide({ challenge, shown })).refused(422, "bad-field");
  (await jonas().decide({ challenge, shown }, { code: await jonas().code() })).good();
  const { proof } = (await decided()).at(-1).entry.event;
  assert.equal(proof.identified, undefined);
  assert.equal(proof.session.identified, true);
  assert.equal((await site().sql("SELECT * FROM session")).length, 1);
  await again();
  await site().advance(15 * 60_000);
  assert.equal((await jonas().challenge()).good().how.identification, true);
});

test("a series begun without naming oneself is none here", async () => {
  await putRules(site(), rule(["approve", "reject"], session(15)));
  (await jonas().approve()).good();
  await again();
  await putRules(site(), letter());
  assert.equal((await jonas().challenge()).good().how.identification, true);
});
