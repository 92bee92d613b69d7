// How somebody confirms: which ways they have, why they are asked, what their signature may mean.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { AUTHOR, JONAS, PRIYA } from "../support/identities.mjs";
import { plantPolicy } from "../support/plant-policy.mjs";
import { putRules, rule } from "../support/rules.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const site = () => held.current;
const jonas = () => site().as(JONAS);
const decided = async () => (await site().journal()).filter((one) => one.kind === "decided");

async function again() {
  await site().edit();
  (await site().as(AUTHOR).submit()).good();
}

before(async () => {
  (await site().as(AUTHOR).submit()).good();
  await jonas().enrol();
});

test("somebody is told which rule asks them, and that it holds whatever a workflow says", async () => {
  await putRules(site(), rule(["approve"], {}, { name: "Signatures of the quality board" }));
  const { how } = (await jonas().challenge()).good();
  assert.deepEqual(how.factors, ["totp"]);
  assert.equal(how.because.length, 1);
  assert.match(how.because[0], /Signatures of the quality board.*everyone.*No workflow can ask for less/);
});

test("where nothing is asked nothing is, and the decision stands without a factor", async () => {
  await putRules(site(), rule(["approve"]));
  const challenge = (await jonas().challenge("reject")).good();
  assert.equal(challenge.code_required, false);
  assert.deepEqual(challenge.how, { factors: [] });
  (await jonas().decide(challenge, { comment: "Not yet." })).good();
  const { proof } = (await decided()).at(-1).entry.event;
  assert.equal(proof.factor, undefined);
  assert.equal(proof.session, undefined);
  await again();
});

test("rules that contradict each other leave no way, and that is said", async () => {
  await putRules(site(), rule(["approve"], { factors: ["totp"] }), rule(["approve"], { factors: ["passkey"] }, { id: "other" }));
  const refusal = (await jonas().challenge()).refused(403, "not-allowed");
  assert.match(refusal.detail, /leaves no factor you can use/);
});

test("who has only what does not count is told what to set up", async () => {
  await putRules(site(), rule(["approve"], { factors: ["passkey"] }));
  assert.match((await jonas().challenge()).refused(422, "no-factor").detail, /passkey/);
  await putRules(site(), rule(["approve"]));
  assert.match((await site().as(PRIYA).challenge()).refused(422, "no-factor").detail, /authenticator app/);
});

test("a factor that has ended counts for nothing, in the challenge and in the decision", async () => {
  await putRules(site(), rule(["approve"]));
  const challenge = (await jonas().challenge()).good();
  await site().sql("UPDATE factor SET expires_at = ? WHERE person = ?", site().now() - 1, JONAS.account);
  try {
    assert.match((await jonas().challenge()).refused(422, "no-factor").detail, /renew/);
    const count = (await decided()).length;
    (await jonas().decide(challenge, { code: await jonas().code() })).refused(422, "no-factor");
    assert.equal((await decided()).length, count);
  } finally {
    await site().sql("UPDATE factor SET expires_at = NULL");
    await site().sql("UPDATE guess SET failures = 0, locked_until = 0");
  }
});

test("rules about external users ask nobody else", async () => {
  await plantPolicy(site(), () => ({
    rules: [rule(["approve"], {}, { who: { is: "external" }, name: "Guests" })],
    people: { managed_domains: ["example.com"] },
  }));
  assert.equal((await jonas().challenge()).good().code_required, false);
  await plantPolicy(site(), () => ({ people: { managed_domains: ["other.example"] } }));
  const { how, code_required } = (await jonas().challenge()).good();
  assert.equal(code_required, true);
  assert.match(how.because[0], /external/);
  await plantPolicy(site(), () => ({ people: {} }));
});

test("the meaning is chosen from what the policy offers, and the challenge binds the chosen one", async () => {
  const meanings = ["I reviewed this version", "I approve this version for use"];
  await putRules(site(), rule(["approve", "reject"], { meanings }));
  const first = (await jonas().challenge()).good();
  assert.deepEqual(first.meanings, meanings);
  assert.equal(first.shown.meaning, meanings[0]);
  const second = (await jonas().challenge("approve", { meaning: meanings[1] })).good();
  assert.equal(second.shown.meaning, meanings[1]);
  (await jonas().challenge("approve", { meaning: "Whatever" })).refused(422, "challenge-invalid");
  (await jonas().decide(second, { code: await jonas().code() })).good();
  assert.equal((await decided()).at(-1).entry.event.meaning, meanings[1]);
});

test("a meaning that is offered no more when it is decided is refused", async () => {
  const meanings = ["I reviewed this version", "I approve this version for use"];
  await putRules(site(), rule(["approve"], { meanings }));
  await again();
  const challenge = (await jonas().challenge("approve", { meaning: meanings[1] })).good();
  const count = (await decided()).length;
  await putRules(site(), rule(["approve"], { meanings: [meanings[0]] }));
  (await jonas().decide(challenge, { code: await jonas().code() })).refused(422, "challenge-invalid");
  assert.equal((await decided()).length, count);
});
