// What an admin does about somebody's factors: revoke, set the expiry, unlock. With a reason, confirmed with a factor of the
// admin's own, recorded with the person, told to them; and whatever was under way on the strength of what they had ends.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { asked, changed } from "../support/change.mjs";
import { ADMIN, AUTHOR, JONAS, PRIYA } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const DAY = 24 * 3600_000;
const settings = () => held.current.as(ADMIN).from("approval-settings");
const at = (what) => `/api/settings/insights/${what}`;
const line = async (who) => (await settings().call(at("person"), { account: who.account })).good().person;
const sql = (text, ...values) => held.current.sql(text, ...values);
const last = async (stream) => (await held.current.journal(stream)).at(-1);
const mails = async (who, pattern) => (await held.current.mailsTo(who)).filter((mail) => pattern.test(mail.subject));
const REASON = "He called: the phone was stolen.";

before(async () => {
  const site = held.current;
  await settings().call("/api/settings/overview");
  await site.as(JONAS).enrol();
  (await site.as(AUTHOR).submit()).good();
});

const lock = async () => {
  const site = held.current;
  const challenge = (await site.as(JONAS).challenge("approve")).good();
  for (let number = 0; number < 5; number += 1) {
    (await site.as(JONAS).decide(challenge, { code: site.as(JONAS).wrongCode(number) })).refused(422, "wrong-code");
  }
  // The pause would end while the test goes on; the fiftieth in a row has no end.
  await sql("UPDATE guess SET failures = 50 WHERE person = ?", JONAS.account);
  await site.drain();
};

test("after five wrong codes owner and admins are told by mail, without any code", async () => {
  await lock();
  const [toOwner] = await mails(JONAS, /lock/i);
  const [toAdmin] = await mails(ADMIN, /lock/i);
  assert.match(toOwner.text, /5 wrong codes/);
  assert.match(toAdmin.text, new RegExp(JONAS.name));
  for (const mail of [toOwner, toAdmin]) assert.doesNotMatch(mail.text, /\b\d{6}\b/);
  assert.deepEqual((await line(JONAS)).lock, { is: "until-unlocked" });
});

test("an admin without a factor is told to set one up, and can where they stand", async () => {
  (await settings().call(at("unlock"), { account: JONAS.account, reason: REASON })).refused(422, "no-factor");
  await settings().enrol();
});

test("an unlock releases the lock, is recorded with who and why, and told to the person", async () => {
  const site = held.current;
  await changed(settings(), at("unlock"), { account: JONAS.account, reason: REASON });
  assert.equal((await line(JONAS)).lock ?? null, null);
  const { kind, entry } = await last(`person-facts/${JONAS.account}`);
  assert.equal(kind, "unlocked");
  assert.equal(entry.event.by, ADMIN.account);
  assert.equal(entry.actor.account, ADMIN.account);
  const [text] = await sql("SELECT body FROM text WHERE id = ?", entry.event.reason.text);
  assert.equal(text.body, REASON);
  const confirmed = await last(`person-facts/${ADMIN.account}`);
  assert.deepEqual([confirmed.kind, confirmed.entry.event.act], ["change-confirmed", "unlock"]);
  assert.equal(confirmed.entry.event.proof.challenge, entry.event.challenge);
  assert.equal(confirmed.entry.event.proof.factor.kind, "totp");
  await site.drain();
  assert.equal((await mails(JONAS, /unlocked/i)).length, 1);
  assert.ok(!JSON.stringify(await site.journal(`person-facts/${JONAS.account}`)).includes(REASON));
});

test("an unlock sent again gives the same answer and does nothing new", async () => {
  const site = held.current;
  await lock();
  const body = { account: JONAS.account, reason: REASON };
  const { challenge } = await asked(settings(), at("unlock"), body);
  const sent = { ...body, confirm: { challenge, code: await site.as(ADMIN).code() } };
  assert.ok((await settings().call(at("unlock"), sent)).good().done);
  const before = await site.entries();
  assert.ok((await settings().call(at("unlock"), sent)).good().done);
  assert.equal(await site.entries(), before);
  (await settings().call(at("unlock"), body)).refused(404, "not-found");
});

test("an expiry is set, told, and holds", async () => {
  const site = held.current;
  const [factor] = (await line(JONAS)).factors;
  const until = site.now() + 2 * DAY;
  await changed(settings(), at("life"), { account: JONAS.account, factor: factor.id, until, reason: REASON });
  const person = await line(JONAS);
  assert.deepEqual([person.standing, person.factors[0].expires_at], ["expires-soon", until]);
  const { kind, entry } = await last(`factors/${JONAS.account}`);
  assert.deepEqual([kind, entry.event.expires_at, entry.event.factor, entry.actor.account], ["factor-life-set", until, factor.id, ADMIN.account]);
  await site.drain();
  assert.equal((await site.mailsTo(JONAS)).filter((mail) => mail.text.includes(ADMIN.name) && /expir|good|until/i.test(mail.subject + mail.text)).length > 0, true);
  await site.advance(2 * DAY + 1000);
  assert.equal((await line(JONAS)).standing, "expired");
  (await site.as(JONAS).challenge()).refused(422, "no-factor");
  // An admin can have it count again, without the person.
  await changed(settings(), at("life"), { account: JONAS.account, until: site.now() + 20 * DAY, reason: REASON });
  assert.equal((await line(JONAS)).standing, "enrolled");
  (await site.as(JONAS).challenge()).good();
});

test("an end lies ahead, not too far, and there is one where the policy wants one", async () => {
  const site = held.current;
  const body = (until) => ({ account: JONAS.account, ...(until ? { until } : {}), reason: REASON });
  for (const until of [undefined, site.now() - 1, site.now() + 367 * DAY]) {
    const problem = (await settings().call(at("life"), body(until))).refused(422, "bad-field");
    assert.equal(problem.field, "until");
  }
});

test("sessions, confirmations and enrolments under way end with a change of factors", async () => {
  const site = held.current;
  const now = site.now();
  await sql("DELETE FROM session");
  await sql(
    "INSERT INTO session (site, person, id, factor, kind, began_at, until_at) SELECT site, person, 's', id, kind, ?, ? FROM factor WHERE person = ?",
    now, now + DAY, JONAS.account,
  );
  await sql(
    "INSERT INTO pending (site, person, scope, nonce, kind, challenge, created_at, expires_at) SELECT site, person, 'page/1', 'n', 'passkey', '', ?, ? FROM factor WHERE person = ?",
    now, now + DAY, JONAS.account,
  );
  await sql(
    "INSERT INTO enrolment (site, person, id, stage, mail_code_hmac, created_at, expires_at) SELECT site, person, 'e', 'proved', '', ?, ? FROM factor WHERE person = ?",
    now, now + DAY, JONAS.account,
  );
  const body = { account: JONAS.account, until: now + 25 * DAY, reason: REASON };
  const { challenge } = await asked(settings(), at("life"), body);
  assert.equal((await sql("SELECT COUNT(*) AS n FROM session WHERE ended_at IS NULL"))[0].n, 1, "asking alone ends nothing");
  (await settings().call(at("life"), { ...body, confirm: { challenge, code: await site.as(ADMIN).code() } })).good();
  const [left] = await sql(
    `SELECT (SELECT COUNT(*) FROM session WHERE person = ?1 AND ended_at IS NULL) AS sessions,
            (SELECT COUNT(*) FROM pending WHERE person = ?1 AND state <> 'used') AS pending,
            (SELECT COUNT(*) FROM enrolment WHERE person = ?1) AS enrolments`,
    JONAS.account,
  );
  assert.deepEqual(left, { sessions: 0, pending: 0, enrolments: 0 });
});

test("one factor revoked leaves the others and the recovery codes", async () => {
  const site = held.current;
  await sql(
    `INSERT INTO factor (site, person, id, kind, secret, last_step, active, enrolled_at)
     SELECT site, person, 'second', kind, secret, 0, 1, enrolled_at FROM factor WHERE person = ? AND active = 1`,
    JONAS.account,
  );
  await sql("INSERT OR REPLACE INTO recovery_code (site, person, id, hmac, made_at) SELECT site, person, 'r', 'k.x', 0 FROM factor WHERE person = ? LIMIT 1", JONAS.account);
  await changed(settings(), at("revoke"), { account: JONAS.account, factor: "second", reason: REASON });
  const person = await line(JONAS);
  assert.equal(person.factors.length, 1);
  assert.notEqual(person.factors[0].id, "second");
  assert.ok(person.recovery_left >= 1);
  const [row] = await sql("SELECT active, secret FROM factor WHERE id = 'second'");
  assert.deepEqual(row, { active: 0, secret: "" });
  const { kind, entry } = await last(`factors/${JONAS.account}`);
  assert.deepEqual([kind, entry.event.factor, entry.actor.account], ["factor-revoked", "second", ADMIN.account]);
  (await settings().call(at("revoke"), { account: JONAS.account, factor: "second", reason: REASON })).refused(404, "not-found");
});

test("everything revoked ends factors and recovery codes at once, and the next enrolment begins with a mailed code", async () => {
  const site = held.current;
  const challenge = (await site.as(JONAS).challenge("approve")).good();
  const code = await site.as(JONAS).code();
  await changed(settings(), at("revoke"), { account: JONAS.account, reason: REASON });
  const person = await line(JONAS);
  assert.deepEqual([person.standing, person.factors, person.recovery_left], ["ended", [], 0]);
  const answer = await site.as(JONAS).decide(challenge, { code });
  assert.notEqual(answer.status, 200, "a challenge from before is worth nothing without a factor");
  assert.equal((await site.journal()).filter((row) => row.kind === "decided").length, 0);
  await site.drain();
  assert.equal((await mails(JONAS, /removed|revoked/i)).length >= 2, true);
  await site.as(JONAS).enrol();
  assert.equal((await line(JONAS)).standing, "enrolled");
  (await site.as(JONAS).approve()).good();
});

test("wrong codes are counted on through a revocation and a new enrolment", async () => {
  const site = held.current;
  await sql("INSERT OR REPLACE INTO guess (site, person, failures, locked_until, held) SELECT site, person, 50, 0, 0 FROM factor WHERE person = ? LIMIT 1", JONAS.account);
  await changed(settings(), at("revoke"), { account: JONAS.account, reason: REASON });
  assert.deepEqual((await line(JONAS)).lock, { is: "until-unlocked" });
  await changed(settings(), at("unlock"), { account: JONAS.account, reason: REASON });
});

test("a mistyped code changes nothing and counts with the admin", async () => {
  const site = held.current;
  await site.as(PRIYA).enrol();
  const body = { account: PRIYA.account, reason: REASON };
  const { challenge } = await asked(settings(), at("revoke"), body);
  (await settings().call(at("revoke"), { ...body, confirm: { challenge, code: site.as(ADMIN).wrongCode() } })).refused(422, "wrong-code");
  assert.equal((await line(PRIYA)).standing, "enrolled");
  const failed = await last(`person-facts/${ADMIN.account}`);
  assert.equal(failed.kind, "attempt-failed");
  assert.equal((await line(ADMIN)).failures, 1);
});
