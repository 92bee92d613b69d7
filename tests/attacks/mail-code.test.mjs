// Attacks on the mailed code that confirms: it is good for one challenge of one person, once, for ten minutes, only where
// the policy lets it count and only for who has nothing stronger.
import assert from "node:assert/strict";
import { test } from "node:test";
import { asked } from "../support/change.mjs";
import { ADMIN, AUTHOR, JONAS, PRIYA } from "../support/identities.mjs";
import { plantPolicy, withFactors } from "../support/plant-policy.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SECRET = /[0-9A-Z]{4}-[0-9A-Z]{4}/;

/** A page under review. */
async function review() {
  const page = await held.current.newPage({ title: "Under review" });
  (await held.current.as(AUTHOR).on(page).submit()).good();
  await held.current.drain();
  return page;
}

/** Lets the hour pass in which mails are counted, and forgets wrong codes: tests are not about each other. */
async function afresh() {
  await held.current.advance(HOUR + MINUTE);
  await held.current.sql("DELETE FROM guess");
}

const challenged = async (who, page, decision) => (await held.current.as(who).on(page).challenge(decision)).good();
const failures = async (who) => (await held.current.sql("SELECT failures FROM guess WHERE person = ?", who.account))[0]?.failures ?? 0;
const decisions = async (page) => (await held.current.journal(`page/${page}`)).filter((row) => row.kind === "decided");
const policy = (change) => plantPolicy(held.current, change);

// The policy a site begins with takes authenticators and passkeys only.
await review();

test("where the policy takes no mailed code, none is offered and none is sent", async () => {
  const page = await review();
  (await held.current.as(JONAS).on(page).challenge()).refused(422, "no-factor");
  // A challenge made while the policy took one is worth nothing once it does not.
  await policy(withFactors("mail-code", "totp", "passkey"));
  const challenge = await challenged(JONAS, page);
  const code = await held.current.as(JONAS).on(page).mailedSignCode(challenge);
  await policy(withFactors("totp", "passkey"));
  (await held.current.as(JONAS).on(page).mailSign(challenge)).refused(403, "mail-code-not-allowed");
  const answer = await held.current.as(JONAS).on(page).decide(challenge, { code });
  assert.ok(answer.status >= 400, answer.text);
  assert.deepEqual(await decisions(page), []);
  await policy(withFactors("mail-code", "totp", "passkey"));
});

test("a mailed code confirms its challenge; the journal names the factor and not the code", async () => {
  await afresh();
  const page = await review();
  const jonas = held.current.as(JONAS).on(page);
  const challenge = await challenged(JONAS, page);
  assert.deepEqual(challenge.how.factors, ["mail-code"]);
  const sent = (await jonas.mailSign(challenge, { comment: "Read it twice" })).good();
  assert.equal(sent.sent_to, "j•••@example.com");
  assert.ok(sent.expires_at - held.current.now() <= 10 * MINUTE);
  await held.current.drain();
  const mail = (await held.current.mailsTo(JONAS)).at(-1);
  assert.match(mail.text, /about to approve version 1 of “Under review”/);
  assert.doesNotMatch(mail.subject, SECRET);
  const code = mail.text.match(SECRET)[0];
  (await jonas.decide(challenge, { code: ` ${code.toLowerCase()} `, comment: "Read it twice" })).good();
  const [row] = await decisions(page);
  const { factor } = row.entry.event.proof;
  assert.equal(factor.kind, "mail-code");
  assert.equal(factor.step, 0);
  const all = await held.current.sql("SELECT entry FROM journal");
  assert.ok(all.every(({ entry }) => !entry.includes(code) && !entry.includes(code.replace("-", ""))));
  assert.ok(!held.current.worker.log.includes(code));
});

test("nothing in the database lets a reader of it confirm: code, challenge and comment are sealed", async () => {
  await afresh();
  const page = await review();
  const challenge = await challenged(JONAS, page);
  const code = await held.current.as(JONAS).on(page).mailedSignCode(challenge, { comment: "Do not read me" });
  const dump = JSON.stringify(await held.current.sql("SELECT * FROM pending")) + JSON.stringify(await held.current.sql("SELECT * FROM outbox"));
  for (const secret of [code, code.replace("-", ""), challenge.challenge, "Do not read me"]) assert.ok(!dump.includes(secret), secret);
});

test("the code of an older challenge is none for the newer one, and the older one has none any more", async () => {
  await afresh();
  const page = await review();
  const jonas = held.current.as(JONAS).on(page);
  const older = await challenged(JONAS, page);
  const first = await jonas.mailedSignCode(older);
  const newer = await challenged(JONAS, page);
  const second = await jonas.mailedSignCode(newer);
  assert.notEqual(first, second);
  (await jonas.decide(newer, { code: first })).refused(422, "wrong-code");
  (await jonas.decide(older, { code: first })).refused(422, "wrong-code");
  (await jonas.decide(older, { code: second })).refused(422, "wrong-code");
  (await jonas.decide(newer, { code: second })).good();
});

test("a row moved under another challenge by whoever can write the database makes its code none there", async () => {
  await afresh();
  const page = await review();
  const jonas = held.current.as(JONAS).on(page);
  const code = await jonas.mailedSignCode(await challenged(JONAS, page));
  const other = await challenged(JONAS, page);
  const nonce = Buffer.from(other.challenge, "base64url").toString("latin1").match(/[0-9a-f]{32}(?=\0{3}\x08)/)[0];
  await held.current.sql("UPDATE pending SET nonce = ? WHERE person = ? AND scope = ?", nonce, JONAS.account, `page/${page}`);
  (await jonas.decide(other, { code })).refused(422, "wrong-code");
  assert.deepEqual(await decisions(page), []);
});

test("of two mails for one challenge only the newest holds the code", async () => {
  await afresh();
  const page = await review();
  const jonas = held.current.as(JONAS).on(page);
  const challenge = await challenged(JONAS, page);
  const first = await jonas.mailedSignCode(challenge);
  const second = await jonas.mailedSignCode(challenge);
  (await jonas.decide(challenge, { code: first })).refused(422, "wrong-code");
  (await jonas.decide(challenge, { code: second })).good();
});

test("a code of another page, another decision or another person is none", async () => {
  await afresh();
  const [page, other] = [await review(), await review()];
  const jonas = held.current.as(JONAS);
  const here = await challenged(JONAS, page);
  const code = await jonas.on(page).mailedSignCode(here);
  (await jonas.on(other).decide(await challenged(JONAS, other), { code })).refused(422, "wrong-code");
  (await jonas.on(page).decide(await challenged(JONAS, page, "reject"), { code, comment: "No" })).refused(422, "wrong-code");
  (await held.current.as(ADMIN).on(page).decide(await challenged(ADMIN, page), { code })).refused(422, "wrong-code");
  // Nor does the code go with somebody else's challenge, or a challenge elsewhere.
  (await held.current.as(ADMIN).on(page).decide(here, { code })).refused(422, "challenge-invalid");
  (await held.current.as(ADMIN).on(page).mailSign(here)).refused(422, "challenge-invalid");
  (await jonas.on(other).mailSign(here)).refused(422, "challenge-invalid");
  (await jonas.on(page).mailSign({ challenge: `${here.challenge.slice(0, -2)}AA` })).refused(422, "challenge-invalid");
  (await jonas.on(page).decide(here, { code })).good();
});

test("a code works once: not for a second challenge, and the first is answered as before", async () => {
  await afresh();
  const [page, other] = [await review(), await review()];
  const jonas = held.current.as(JONAS);
  const challenge = await challenged(JONAS, page);
  const code = await jonas.on(page).mailedSignCode(challenge);
  (await jonas.on(page).decide(challenge, { code })).good();
  assert.equal((await jonas.on(page).decide(challenge, { code })).good().repeated, true);
  (await jonas.on(page).mailSign(challenge)).refused(409, "challenge-used");
  (await jonas.on(other).decide(await challenged(JONAS, other), { code })).refused(422, "wrong-code");
  assert.equal((await decisions(page)).length, 1);
});

test("guesses across many challenges run into the one counter", async () => {
  await afresh();
  const jonas = held.current.as(JONAS);
  for (let guess = 0; guess < 5; guess += 1) {
    const page = await review();
    const challenge = await challenged(JONAS, page);
    if (guess < 3) await jonas.on(page).mailedSignCode(challenge);
    (await jonas.on(page).decide(challenge, { code: `0000-000${guess}` })).refused(422, "wrong-code");
    assert.equal(await failures(JONAS), guess + 1);
  }
  // Locked: neither is another compared, nor another mailed.
  const page = await review();
  (await jonas.on(page).challenge()).refused(429, "locked");
  await held.current.advance(2 * MINUTE);
  const challenge = await challenged(JONAS, page);
  const code = await jonas.on(page).mailedSignCode(challenge);
  (await jonas.on(page).decide(challenge, { code: "0000-0009" })).refused(422, "wrong-code");
  (await jonas.on(page).mailSign(challenge)).refused(429, "locked");
  (await jonas.on(page).decide(challenge, { code })).refused(429, "locked");
});

test("what only looks like a code is no attempt", async () => {
  await afresh();
  const page = await review();
  const jonas = held.current.as(JONAS).on(page);
  const challenge = await challenged(JONAS, page);
  const code = await jonas.mailedSignCode(challenge);
  const wide = [...code].map((c) => (c === "-" ? c : String.fromCodePoint(c.codePointAt(0) + 0xfee0))).join("");
  for (const odd of [wide, "АВСЕ-НКМТ", "ABCD-EFG\u0660", `${code}\u0000`, `${code}0`, "UUUU-UUUU", "", "x".repeat(5000)]) {
    const answer = await jonas.decide(challenge, { code: odd });
    assert.equal(answer.body.kind, "bad-field", `${odd.slice(0, 20)}: ${answer.text}`);
  }
  assert.equal(await failures(JONAS), 0);
  (await jonas.decide(challenge, { code })).good();
});

test("twenty racing requests with one code write one entry", async () => {
  await afresh();
  const page = await review();
  const jonas = held.current.as(JONAS).on(page);
  const challenge = await challenged(JONAS, page);
  const code = await jonas.mailedSignCode(challenge);
  const answers = await Promise.all(Array.from({ length: 20 }, () => jonas.decide(challenge, { code }, { settle: false })));
  assert.ok(answers.some((answer) => answer.status === 200));
  assert.equal((await decisions(page)).length, 1);
  assert.equal(answers.filter((answer) => answer.status === 200 && !answer.body.repeated).length, 1);
  const [row] = await held.current.sql("SELECT state, code FROM pending WHERE scope = ?", `page/${page}`);
  assert.deepEqual(row, { state: "used", code: null });
});

test("twenty racing challenges with one code: only its own is accepted", async () => {
  await afresh();
  const page = await review();
  const jonas = held.current.as(JONAS).on(page);
  const others = await Promise.all(Array.from({ length: 4 }, () => challenged(JONAS, page)));
  const mine = await challenged(JONAS, page);
  const code = await jonas.mailedSignCode(mine);
  const tried = [...others, mine, ...others, mine, ...others, ...others, mine, mine];
  const answers = await Promise.all(tried.map((one) => jonas.decide(one, { code }, { settle: false })));
  answers.forEach((answer, at) => assert.ok(answer.status !== 200 || tried[at] === mine, answer.text));
  // Wrong codes may have locked the person before the right one was looked at.
  assert.ok((await decisions(page)).length <= 1);
  assert.ok(answers.filter((answer) => answer.status === 200 && !answer.body.repeated).length <= 1);
});

test("a sixth mail within the hour is not sent", async () => {
  await afresh();
  const page = await review();
  const jonas = held.current.as(JONAS).on(page);
  const challenge = await challenged(JONAS, page);
  for (let mail = 0; mail < 5; mail += 1) (await jonas.mailSign(challenge)).good();
  const refused = (await jonas.mailSign(challenge)).refused(429, "too-many");
  assert.ok(refused.retry_at > held.current.now());
});

test("many requests at once buy no sixth mail either", async () => {
  await afresh();
  const page = await review();
  const jonas = held.current.as(JONAS).on(page);
  const challenge = await challenged(JONAS, page);
  const answers = await Promise.all(Array.from({ length: 12 }, () => jonas.mailSign(challenge, {}, { settle: false })));
  assert.equal(answers.filter((answer) => answer.status === 200).length, 5);
});

test("who has an authenticator gets no code, and one mailed before it was set up counts no more", async () => {
  await afresh();
  const page = await review();
  const priya = held.current.as(PRIYA).on(page);
  const before = await challenged(PRIYA, page);
  const code = await priya.mailedSignCode(before);
  await priya.enrol();
  (await priya.mailSign(before)).refused(403, "mail-code-not-allowed");
  const answer = await priya.decide(before, { code });
  assert.ok(answer.status >= 400, answer.text);
  const now = await challenged(PRIYA, page);
  assert.deepEqual(now.how.factors, ["totp"]);
  (await priya.mailSign(now)).refused(403, "mail-code-not-allowed");
  assert.deepEqual(await decisions(page), []);
});

test("a change in the settings can be confirmed by a mailed code, with exactly what was asked for", async () => {
  await afresh();
  const admin = held.current.as(ADMIN).from("approval-settings");
  const route = "/api/settings/assign";
  const { version } = (await admin.call("/api/settings/assignments", {})).good();
  const body = { rules: [{ id: "built-in", scope: { of: "site" }, mode: "enabled", workflow: "page-approval" }], based_on: version };
  const confirm = await asked(admin, route, body);
  assert.deepEqual(confirm.how.factors, ["mail-code"]);
  const code = await admin.mailedSignCode(confirm);
  const mail = (await held.current.mailsTo(ADMIN)).at(-1);
  assert.ok(mail.text.includes(confirm.sentence), mail.text);
  const given = { challenge: confirm.challenge, code };
  (await admin.call(route, { ...body, rules: [], confirm: given })).refused(422, "challenge-invalid");
  const other = await asked(admin, route, body);
  (await admin.call(route, { ...body, confirm: { ...given, challenge: other.challenge } })).refused(422, "wrong-code");
  const answer = (await admin.call(route, { ...body, confirm: given })).good();
  assert.equal(answer.done.version, version + 1);
});

test("one's own factors are never changed by a mailbox, whatever the policy says", async () => {
  await afresh();
  const priya = held.current.as(PRIYA);
  await held.current.sql("UPDATE factor SET expires_at = NULL WHERE person = ?", PRIYA.account);
  const [factor] = (await priya.call("/api/factors", {})).good().factors;
  const confirm = await asked(priya, "/api/factors/remove", { factor: factor.id, even_the_last: true });
  assert.ok(!confirm.how.factors.includes("mail-code"));
  // Not even once the authenticator has expired and nothing else is left.
  await held.current.sql("UPDATE factor SET expires_at = ? WHERE person = ?", held.current.now() - 1, PRIYA.account);
  (await priya.mailSign(confirm)).refused(403, "mail-code-not-allowed");
});

test("from pages of the platform's, or without a person, nothing is mailed", async () => {
  const page = await review();
  const challenge = await challenged(JONAS, page);
  const answer = await held.current.platform("/api/confirm/mail", { challenge: challenge.challenge }, { endpoint: "edge-schedule" });
  assert.equal(answer.status, 403);
});

/** A code mailed for a page under review, and when it ends. From here on the clock stands still. */
async function mailed() {
  await afresh();
  const page = await review();
  const jonas = held.current.as(JONAS).on(page);
  await held.current.freeze();
  const challenge = await challenged(JONAS, page);
  const code = await jonas.mailedSignCode(challenge);
  const [row] = await held.current.sql("SELECT created_at, expires_at FROM pending WHERE scope = ?", `page/${page}`);
  assert.equal(row.expires_at - row.created_at, 10 * MINUTE);
  return { page, jonas, challenge, code, until: row.expires_at };
}

test("in the last millisecond of its ten minutes a code counts", async () => {
  const { jonas, challenge, code, until } = await mailed();
  await held.current.advance(until - held.current.now() - 1);
  (await jonas.decide(challenge, { code })).good();
});

test("after ten minutes it does not", async () => {
  const { page, jonas, challenge, code, until } = await mailed();
  await held.current.advance(until - held.current.now());
  const answer = await jonas.decide(challenge, { code });
  assert.ok(["challenge-expired", "wrong-code"].includes(answer.body.kind), answer.text);
  await held.current.advance(1);
  (await jonas.decide(challenge, { code })).refused(410, "challenge-expired");
  (await jonas.mailSign(challenge)).refused(410, "challenge-expired");
  assert.deepEqual(await decisions(page), []);
});
