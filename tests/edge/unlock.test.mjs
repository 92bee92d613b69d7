// A locked person: shown to admins, told by mail, released by an admin with an own code and a reason.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ADMIN, AUTHOR, JONAS } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const settings = () => held.current.as(ADMIN).from("approval-settings");
let unlocked;
const overview = async () => (await settings().call("/api/settings/overview")).good();

before(async () => {
  const site = held.current;
  await overview();
  await site.as(JONAS).enrol();
  (await site.as(AUTHOR).submit()).good();
  const challenge = (await site.as(JONAS).challenge("approve")).good();
  for (let number = 0; number < 5; number += 1) {
    (await site.as(JONAS).decide(challenge, { code: site.as(JONAS).wrongCode(number) })).refused(422, "wrong-code");
  }
  await site.drain();
});

test("the owner and the admins are told by mail, without any code", async () => {
  const [toOwner] = (await held.current.mailsTo(JONAS)).filter((mail) => /lock/i.test(mail.subject));
  const [toAdmin] = (await held.current.mailsTo(ADMIN)).filter((mail) => /lock/i.test(mail.subject));
  assert.match(toOwner.text, /5 wrong codes/);
  assert.match(toAdmin.text, new RegExp(JONAS.name));
  for (const mail of [toOwner, toAdmin]) assert.doesNotMatch(mail.text, /\b\d{6}\b/);
});

test("the lock is shown to admins and to its owner", async () => {
  const [lock] = (await overview()).locks;
  assert.equal(lock.account, JONAS.account);
  assert.equal(lock.name, JONAS.name);
  assert.equal(lock.failures, 5);
  assert.equal(lock.lock.is, "until");
  assert.equal((await held.current.as(JONAS).actions()).good().lock.is, "until");
});

test("an admin without an authenticator is told to set one up, and can where they stand", async () => {
  const site = held.current;
  // The pause would end while the test goes on; the fiftieth in a row has no end.
  await site.sql("UPDATE guess SET failures = 50 WHERE person = ?", JONAS.account);
  (await settings().call("/api/settings/unlock-challenge", { account: JONAS.account })).refused(422, "no-factor");
  await settings().enrol();
});

test("without a reason, or with a wrong code, nothing is released", async () => {
  const { challenge, name, code_required } = (await settings().call("/api/settings/unlock-challenge", { account: JONAS.account })).good();
  assert.equal(name, JONAS.name);
  assert.equal(code_required, true);
  const admin = held.current.as(ADMIN);
  const unlock = (change) => settings().call("/api/settings/unlock", { challenge, account: JONAS.account, reason: "ok", code: "", ...change });
  (await unlock({ reason: "  ", code: await admin.code() })).refused(422, "bad-field");
  (await unlock({ code: admin.wrongCode() })).refused(422, "wrong-code");
  (await unlock({ account: AUTHOR.account, code: await admin.code() })).refused(422, "challenge-invalid");
  const [row] = await held.current.sql("SELECT failures FROM guess WHERE person = ?", JONAS.account);
  assert.equal(row.failures, 50);
});

test("a decision's challenge is nothing for an unlock, and the reverse", async () => {
  const site = held.current;
  const unlock = (await settings().call("/api/settings/unlock-challenge", { account: JONAS.account })).good();
  const decision = (await site.as(ADMIN).challenge("approve")).good();
  const code = await site.as(ADMIN).code();
  const sent = { challenge: decision.challenge, account: JONAS.account, reason: "x", code };
  (await settings().call("/api/settings/unlock", sent)).refused(422, "challenge-invalid");
  (await site.as(ADMIN).decide({ ...decision, challenge: unlock.challenge }, { code })).refused(422, "challenge-invalid");
});

test("with a code and a reason the person may try again, and the journal says who released it", async () => {
  const site = held.current;
  const { challenge } = (await settings().call("/api/settings/unlock-challenge", { account: JONAS.account })).good();
  const sent = { challenge, account: JONAS.account, reason: "New phone.", code: await site.as(ADMIN).code() };
  unlocked = { sent, at: (await settings().call("/api/settings/unlock", sent)).good().at };
  const facts = await site.journal(`person-facts/${JONAS.account}`);
  const fact = facts.find((row) => row.kind === "unlocked");
  assert.equal(fact.entry.event.by, ADMIN.account);
  assert.ok(!JSON.stringify(facts).includes("New phone."));
  assert.deepEqual((await overview()).locks, []);
  (await site.as(JONAS).approve()).good();
});

test("an unlock repeated gives the same answer and does nothing new", async () => {
  const site = held.current;
  const before = await site.entries();
  assert.equal((await settings().call("/api/settings/unlock", unlocked.sent)).good().at, unlocked.at);
  assert.equal(await site.entries(), before);
});

test("whoever is not locked cannot be unlocked, nor can one unlock oneself", async () => {
  const site = held.current;
  (await settings().call("/api/settings/unlock-challenge", { account: AUTHOR.account })).refused(404, "not-found");
  await site.sql("UPDATE guess SET failures = 50 WHERE person = ?", ADMIN.account);
  const answer = await settings().call("/api/settings/unlock-challenge", { account: ADMIN.account });
  assert.ok(answer.status === 403 || answer.status === 429, answer.text);
});
