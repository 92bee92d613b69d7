// A step-up session is one person's, on one site, by a factor that counts; a lock, a change of factors or a tighter policy
// ends it at once, also for what is on its way.
import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { ADMIN, AUTHOR, JONAS, OTHER_SITE, PRIYA } from "../support/identities.mjs";
import { putRules, rule, session } from "../support/rules.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const site = () => held.current;
const jonas = () => site().as(JONAS);
const decisions = async () => (await site().sql("SELECT COUNT(*) AS n FROM journal WHERE kind = 'decided'"))[0].n;

async function again() {
  await site().edit();
  (await site().as(AUTHOR).submit()).good();
}

/** Jonas has confirmed something a moment ago, and a page waits for him. */
async function begun() {
  await again();
  (await jonas().approve()).good();
  await again();
  const challenge = (await jonas().challenge()).good();
  assert.equal(challenge.code_required, false, "his session counts");
  return challenge;
}

/** It is refused, and nothing is recorded. */
async function nothing(status, kind, decide) {
  const before = await decisions();
  (await decide()).refused(status, kind);
  assert.equal(await decisions(), before);
}

before(async () => {
  const at = site().as(AUTHOR).at(OTHER_SITE);
  await site().install(OTHER_SITE);
  (await at.submit()).good();
  (await site().as(AUTHOR).submit()).good();
  for (const who of [JONAS, PRIYA, ADMIN]) await site().as(who).enrol();
  await putRules(site(), rule(["approve", "reject"], session(15)));
});

beforeEach(async () => {
  await site().sql("DELETE FROM session");
  await site().sql("UPDATE guess SET failures = 0, locked_until = 0, held = 0");
  await putRules(site(), rule(["approve", "reject"], session(15)));
});

test("somebody else's counts for nobody else", async () => {
  await begun();
  const priya = site().as(PRIYA);
  const challenge = (await priya.challenge()).good();
  assert.equal(challenge.code_required, true);
  await nothing(422, "bad-field", () => priya.decide(challenge));
});

test("one of another site counts for nothing, not even with its row's name", async () => {
  await begun();
  await site().sql("UPDATE session SET site = ?", OTHER_SITE.key);
  assert.equal((await jonas().challenge()).good().code_required, true);
});

test("one begun by a kind of factor that does not count any more is none", async () => {
  await begun();
  await site().sql("UPDATE session SET kind = 'mail-code'");
  assert.equal((await jonas().challenge()).good().code_required, true);
});

test("ended between challenge and decision it stands for nothing", async () => {
  const challenge = await begun();
  await site().sql("UPDATE session SET ended_at = ?", site().now());
  await nothing(422, "bad-field", () => jonas().decide(challenge));
});

test("ended while the decision is on its way it stands for nothing either: the batch says so", async () => {
  const challenge = await begun();
  // The session is read as alive; it is ended by the first statement of the batch that writes.
  await site().sql(`CREATE TRIGGER ended_meanwhile INSTEAD OF INSERT ON require WHEN NEW.what = 'nonce'
    BEGIN UPDATE session SET ended_at = 1; END`);
  try {
    await nothing(422, "challenge-invalid", () => jonas().decide(challenge));
  } finally {
    await site().sql("DROP TRIGGER ended_meanwhile");
  }
});

test("wrong codes that lock end it, and the lock's end does not bring it back", async () => {
  const challenge = await begun();
  for (let salt = 0; salt < 5; salt += 1) {
    await jonas().decide((await jonas().challenge()).good(), { code: await jonas().wrongCode(salt) });
  }
  await nothing(429, "locked", () => jonas().decide(challenge));
  (await jonas().challenge()).refused(429, "locked");
  await site().advance(61_000);
  assert.equal((await jonas().challenge()).good().code_required, true);
});

test("who is held by an admin or by themselves gets through by no session", async () => {
  const challenge = await begun();
  await site().sql("INSERT INTO guess (site, person, failures, locked_until, held) SELECT site, person, 0, 0, 1 FROM session WHERE true ON CONFLICT (site, person) DO UPDATE SET held = 1");
  await nothing(429, "locked", () => jonas().decide(challenge));
});

test("a policy that asks each time, put in force after the challenge, is kept", async () => {
  const challenge = await begun();
  await putRules(site(), rule(["approve", "reject"]));
  await nothing(422, "bad-field", () => jonas().decide(challenge));
});

test("a session cannot be named by the client", async () => {
  await again();
  const challenge = (await jonas().challenge()).good();
  const body = {
    challenge: challenge.challenge, decision: "approve", page_version: challenge.shown.version, comment: "", code: "",
    session: "s", session_id: "s", proof: { session: { session: "s", kind: "totp", began_at: site().now() } },
  };
  await nothing(422, "bad-field", () => jonas().call("/api/decision", body));
});
