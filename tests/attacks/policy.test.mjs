// The step-up policy is what everything else stands on: whoever can change it without being asked has undone it.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { asked } from "../support/change.mjs";
import { ADMIN, AUTHOR, GUEST, JONAS, SPACE_ADMIN } from "../support/identities.mjs";
import { draft, guard, inForce, policy, rule } from "../support/policy.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const site = () => held.current;
const admin = () => site().as(ADMIN).from("approval-settings");
const SET = "/api/settings/policy/set";
const body = async (rules = [], more) => ({ based_on: (await policy(site())).newest, draft: draft(rules, more) });
const versions = async () => (await site().journal("policy")).length;

before(() => site().as(JONAS).enrol());

test("an admin without a factor changes nothing, whatever the draft would ask them for", async () => {
  const strict = await admin().call(SET, { based_on: 1, draft: draft([]) });
  assert.match(strict.refused(422, "bad-policy").detail, /you have no such factor/);
  const lax = { rules: [], enrolment: { life_days: null, mail_proof: false } };
  (await admin().call(SET, { based_on: 1, draft: lax })).refused(422, "no-factor");
  assert.equal(await versions(), 1);
  await admin().enrol();
});

test("an admin's session alone, without a code, changes nothing", async () => {
  const request = await body();
  const { challenge } = await asked(admin(), SET, request);
  (await admin().call(SET, { ...request, confirm: { challenge, code: "" } })).refused(422, "bad-field");
  (await admin().call(SET, { ...request, confirm: { challenge, code: await admin().wrongCode() } })).refused(422, "wrong-code");
  assert.equal(await versions(), 1);
});

test("nobody but a Confluence admin reads it, checks it, sets it or asks about others", async () => {
  for (const who of [AUTHOR, JONAS, SPACE_ADMIN, GUEST]) {
    const person = site().as(who).from("approval-settings");
    (await person.call("/api/settings/policy")).refused(403, "not-allowed");
    (await person.call("/api/settings/policy/check", { draft: draft([]) })).refused(403, "not-allowed");
    (await person.call(SET, { based_on: 1, draft: draft([]) })).refused(403, "not-allowed");
    (await person.call("/api/settings/policy/what-if", { page: "98305", person: ADMIN.account })).refused(403, "not-allowed");
  }
  for (const module of ["approval-macro", "approval-byline", "approval-space"]) {
    for (const route of ["/api/settings/policy", SET]) {
      (await site().as(ADMIN).from(module).call(route, { based_on: 1, draft: draft([]) })).refused(403, "wrong-route");
    }
  }
  assert.equal(await versions(), 1);
});

test("another person's token helps nobody", async () => {
  const headers = { "x-forge-oauth-user": await site().sandbox.userToken(ADMIN.account) };
  const jonas = site().as(JONAS).from("approval-settings");
  (await jonas.call(SET, { based_on: 1, draft: draft([]) }, { headers })).refused(403, "not-allowed");
});

test("a confirmation is for exactly the draft that was confirmed", async () => {
  const request = await body([rule("one", { actions: ["submit"] })]);
  const { challenge } = await asked(admin(), SET, request);
  const code = await admin().code();
  const weaker = structuredClone(request);
  weaker.draft.rules[0].actions = ["override"];
  const domains = structuredClone(request);
  domains.draft.people = { internal: [GUEST.account] };
  for (const forged of [weaker, domains, { ...request, based_on: 2 }]) {
    (await admin().call(SET, { ...forged, confirm: { challenge, code } })).refused(422, "challenge-invalid");
  }
  const { done } = (await admin().call(SET, { ...request, confirm: { challenge, code } })).good();
  assert.equal(done.version, 2);
  // Sent again it gives what it led to, and writes nothing.
  const again = (await admin().call(SET, { ...request, confirm: { challenge, code } })).good();
  assert.deepEqual([again.done.version, await versions()], [2, 2]);
});

test("a confirmation of another act does not set it", async () => {
  const { rules, version } = (await admin().call("/api/settings/assignments")).good();
  const { challenge } = await asked(admin(), "/api/settings/assign", { rules, based_on: version });
  const request = await body();
  (await admin().call(SET, { ...request, confirm: { challenge, code: await admin().code() } })).refused(422, "challenge-invalid");
});

test("a draft made from an older version is refused, also when it was confirmed before", async () => {
  (await admin().call(SET, { based_on: 1, draft: draft([]) })).refused(409, "conflict");
  const request = await body([rule("late", { actions: ["select"] })]);
  const { challenge } = await asked(admin(), SET, request);
  await inForce(site(), [rule("faster", { actions: ["reassign"] })]);
  (await admin().call(SET, { ...request, confirm: { challenge, code: await admin().code() } })).refused(409, "conflict");
  assert.equal(await versions(), 3);
});

test("of two admins who set it at once one wins, and nothing is lost", async () => {
  const request = await body([rule("race", { actions: ["select"] })]);
  const one = await asked(admin(), SET, request);
  const two = await asked(admin(), SET, request);
  const code = await admin().code();
  const answers = await Promise.all([one, two].map(({ challenge }) => admin().call(SET, { ...request, confirm: { challenge, code } })));
  assert.deepEqual(answers.map((answer) => answer.status).filter((status) => status === 200).length, 1, JSON.stringify(answers.map((one) => one.body)));
  assert.equal(await versions(), 4);
});

test("a policy that changes between challenge and decision makes the challenge worthless", async () => {
  (await site().as(AUTHOR).submit()).good();
  const jonas = site().as(JONAS);
  await inForce(site(), []);
  const lax = (await jonas.challenge()).good();
  assert.equal(lax.code_required, false);
  await inForce(site(), [rule("now", { actions: ["approve", "reject"] })]);
  const late = await jonas.decide(lax, {});
  assert.ok([409, 422].includes(late.status), JSON.stringify(late.body));
  assert.equal((await site().journal()).filter((row) => row.kind === "decided").length, 0);
  (await jonas.approve()).good();
});

test("it is judged by the policy in force before: a laxer draft does not confirm itself", async () => {
  const open = { based_on: (await policy(site())).newest, draft: { rules: [], enrolment: { life_days: null, mail_proof: false } } };
  const { code_required, challenge } = await asked(admin(), SET, open);
  assert.equal(code_required, true);
  (await admin().call(SET, { ...open, confirm: { challenge, code: "" } })).refused(422, "bad-field");
});

test("an admin does not lock themselves out", async () => {
  const only = { ...guard, demand: { ...guard.demand, factors: ["passkey"] } };
  const request = { based_on: (await policy(site())).newest, draft: { ...draft([]), rules: [only] } };
  const problem = (await admin().call(SET, request)).refused(422, "bad-policy");
  assert.match(problem.detail, /a passkey, each time, and you have no such factor/);
  const { locks_out } = (await admin().call("/api/settings/policy/check", { draft: request.draft })).good();
  assert.equal(locks_out, problem.detail);
});

test("a name full of markup stays text, and one that turns the writing round is refused", async () => {
  const nasty = rule("nasty", { name: "<img src=x onerror=alert(1)>", actions: ["approve"] });
  await inForce(site(), [nasty]);
  const { asked: told } = (await site().as(JONAS).call("/api/why")).good();
  const { because } = told.find((row) => row.action === "approve");
  assert.ok(because[0].includes("“<img src=x onerror=alert(1)>”"), because[0]);
  const turned = (await admin().call(SET, await body([rule("turned", { name: "safe\u202egnp.exe" })]))).refused(422, "bad-policy");
  assert.deepEqual(turned.faults.map((one) => one.at), ["/rules/1/name"]);
});
