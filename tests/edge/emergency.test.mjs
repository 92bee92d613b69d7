// Emergency access: an admin decides in the reviewers' place. Asked for by one, carried out by another; by the same one only
// where there is no other, and after a day.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ADMIN, AUTHOR, JONAS, PRIYA, REVIEWERS, VIEWER } from "../support/identities.mjs";
import { startSite } from "../support/site.mjs";

const ASK = "/api/settings/emergency/ask";
const CARRY_OUT = "/api/settings/emergency/carry-out";
const WITHDRAW = "/api/settings/emergency/withdraw";
const DAY = 24 * 3600_000;
const KIM = { ...VIEWER, account: "712020:admin-2", name: "Kim Novak", email: "kim@example.com" };
let site;

const admin = (who = ADMIN) => site.as(who).from("approval-settings");

before(async () => {
  site = await startSite();
  await site.sandbox.putPerson({ accountId: KIM.account, name: KIM.name, email: KIM.email, licensed: true, admin: true });
  await site.as(ADMIN).enrol();
  await site.as(KIM).enrol();
});
after(() => site?.stop());

/** A page under review, and what an admin sees of it. */
async function stuck(title) {
  const page = await site.newPage({ title });
  (await site.as(AUTHOR).on(page).submit()).good();
  await site.drain();
  return { page, seen: await seen(page) };
}

async function seen(page, who = ADMIN) {
  return (await admin(who).call("/api/settings/emergency", { page })).good();
}

const request = ({ page, seen }, more = {}) => ({
  page,
  page_version: seen.page_version,
  seq: seen.status.seq,
  approval: seen.status.review.approvals[0].id,
  decision: "approve",
  reason: "All reviewers are away until March.",
  ...more,
});

/** Sends it twice: asked to confirm, then with a code. */
async function confirmed(who, route, body) {
  const { confirm } = (await admin(who).call(route, body)).good();
  assert.ok(confirm?.code_required, "it is confirmed with a factor");
  return admin(who).call(route, { ...body, confirm: { challenge: confirm.challenge, code: await site.as(who).code() } });
}

const carryOut = (page, { page_version, status }) => ({ page, page_version, asked: status.review.emergency.seq });

test("one admin asks, another carries it out, and the page says so for ever", async () => {
  const it = await stuck("Two admins.");
  assert.equal((await seen(it.page)).alone, true, "the other admin never opened the settings");
  (await admin(KIM).call("/api/settings/overview", {})).good();
  assert.equal((await seen(it.page)).alone, false);
  const asked = (await confirmed(ADMIN, ASK, request(it))).good();
  const { emergency } = asked.status.review;
  assert.equal(emergency.by, ADMIN.name);
  assert.equal(emergency.alone_from, undefined);
  assert.equal(emergency.reason, "All reviewers are away until March.");
  const status = (await site.as(VIEWER).on(it.page).confirm()).good().status;
  assert.equal(status.review.emergency.by, ADMIN.name, "every viewer sees it");

  const own = await admin().call(CARRY_OUT, carryOut(it.page, await seen(it.page)));
  own.refused(409, "needs-second");
  const done = (await confirmed(KIM, CARRY_OUT, carryOut(it.page, await seen(it.page, KIM)))).good();
  assert.equal(done.status.approved.version, it.seen.page_version);
  const [signature] = done.status.approved.signatures;
  assert.equal(signature.name, KIM.name);
  assert.deepEqual(signature.emergency, { asked_by: ADMIN.name, reason: "All reviewers are away until March." });
  assert.match(signature.meaning, /reviewers’ place/);

  const kinds = (await site.journal(`page/${it.page}`)).map((row) => row.kind);
  assert.deepEqual(kinds.filter((kind) => kind.startsWith("emergency")), ["emergency-asked", "emergency-decided"]);
  const entry = (await site.journal(`page/${it.page}`)).find((row) => row.kind === "emergency-decided").entry.event;
  assert.equal(entry.proof.factor.kind, "totp");
  await site.drain();
  for (const who of [JONAS, PRIYA, AUTHOR, ADMIN]) {
    const mails = (await site.mailsTo(who)).filter((mail) => /emergency access/i.test(mail.subject + mail.text));
    assert.ok(mails.length >= 1, `${who.name} is told`);
  }
});

test("who is alone waits a day, and everybody is told meanwhile", async () => {
  await site.sandbox.deactivate(KIM.account);
  const it = await stuck("Alone.");
  assert.equal(it.seen.alone, true);
  const asked = (await confirmed(ADMIN, ASK, request(it, { decision: "reject" }))).good();
  const from = asked.status.review.emergency.alone_from;
  assert.ok(Math.abs(from - site.now() - DAY) < 60_000);
  const early = (await admin().call(CARRY_OUT, carryOut(it.page, await seen(it.page)))).refused(409, "needs-second");
  assert.equal(early.retry_at, from);
  await site.advance(DAY + 1000);
  const done = (await confirmed(ADMIN, CARRY_OUT, carryOut(it.page, await seen(it.page)))).good();
  assert.equal(done.status.review, null);
  assert.equal(done.status.approved, null);
  await site.sandbox.deactivate(KIM.account, false);
});

test("a request is withdrawn by any admin, and is void when the page moves on", async () => {
  const it = await stuck("Withdrawn.");
  (await confirmed(ADMIN, ASK, request(it))).good();
  const before = await seen(it.page, KIM);
  (await admin(ADMIN).call(ASK, request(it))).refused(409, "emergency-asked");
  (await admin(KIM).call(WITHDRAW, { page: it.page })).good();
  (await admin(KIM).call(CARRY_OUT, carryOut(it.page, before))).refused(409, "no-emergency");
  (await confirmed(ADMIN, ASK, request({ page: it.page, seen: await seen(it.page) }))).good();
  const asked = carryOut(it.page, await seen(it.page, KIM));
  await site.edit(it.page);
  (await admin(KIM).call(CARRY_OUT, asked)).refused(409, "page-moved");
});

test("nobody gets there without being an admin, a reason, and a factor of their own", async () => {
  const it = await stuck("Guarded.");
  const entries = await site.entries();
  (await site.as(JONAS).from("approval-settings").call(ASK, request(it))).refused(403, "not-allowed");
  (await site.as(ADMIN).call(ASK, request(it))).refused(403, "wrong-route");
  (await admin().call(ASK, request(it, { reason: "  " }))).refused(422, "bad-field");
  (await admin().call(ASK, request(it, { approval: "nobody" }))).refused(409, "no-such-approval");
  (await admin().call(ASK, request(it, { page_version: it.seen.page_version + 1 }))).refused(409, "page-moved");
  const { confirm } = (await admin().call(ASK, request(it))).good();
  const without = { ...request(it), confirm: { challenge: confirm.challenge } };
  assert.ok((await admin().call(ASK, without)).status >= 400);
  // Confirmed for one page, one approval, one verdict, one reason: and for nothing else.
  const code = await site.as(ADMIN).code();
  for (const other of [{ decision: "reject" }, { reason: "Another." }, { seq: it.seen.status.seq - 1 }]) {
    (await admin().call(ASK, { ...request(it, other), confirm: { challenge: confirm.challenge, code } })).refused(422, "challenge-invalid");
  }
  (await admin(KIM).call(ASK, { ...request(it), confirm: { challenge: confirm.challenge, code } })).refused(422, "challenge-invalid");
  assert.equal((await site.journal(`page/${it.page}`)).filter((row) => row.kind.startsWith("emergency")).length, 0);
  assert.ok((await site.entries()) - entries <= 1, "at most the failed attempt was noted");
});

test("pressed twice, it is asked for once", async () => {
  const it = await stuck("Twice.");
  const { confirm } = (await admin().call(ASK, request(it))).good();
  const body = { ...request(it), confirm: { challenge: confirm.challenge, code: await site.as(ADMIN).code() } };
  const answers = await Promise.all([admin().call(ASK, body), admin().call(ASK, body), admin().call(ASK, body)]);
  for (const answer of answers) assert.ok(answer.status === 200 || answer.status === 422 || answer.status === 409, answer.status);
  assert.ok(answers.some((answer) => answer.status === 200));
  assert.equal((await site.journal(`page/${it.page}`)).filter((row) => row.kind === "emergency-asked").length, 1);
  (await admin().call(ASK, body)).good();
  assert.equal((await site.journal(`page/${it.page}`)).filter((row) => row.kind === "emergency-asked").length, 1);
});
