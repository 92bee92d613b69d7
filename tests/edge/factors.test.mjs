// Several ways to confirm: names, one in the place of another, removal, the own view, "this wasn't me".
import assert from "node:assert/strict";
import { test } from "node:test";
import { another, codeNow, confirmed, counted, first, listed, nextStep } from "../support/factors.mjs";
import { ADMIN, AUTHOR, JONAS, PRIYA, VIEWER } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const DAY = 24 * 3600_000;
const jonas = () => held.current.as(JONAS);
const of = {};

test("the first one comes with a name, an end in 30 days and ten recovery codes", async () => {
  Object.assign(of, await first(jonas(), { name: "  Work phone " }));
  assert.equal(of.recovery_codes.length, 10);
  assert.equal(new Set(of.recovery_codes).size, 10);
  for (const code of of.recovery_codes) assert.match(code, /^([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$/);
  assert.ok(Math.abs(of.expires_at - held.current.now() - 30 * DAY) < 60_000);
  const { factors, recovery, life_days, sessions, lock } = await listed(jonas());
  assert.deepEqual([life_days, sessions, lock], [30, [], null]);
  assert.equal(factors.length, 1);
  assert.deepEqual([factors[0].name, factors[0].factor_kind, factors[0].stage], ["Work phone", "totp", "counts"]);
  assert.deepEqual([recovery.left, recovery.few], [10, false]);
});

test("the journal holds a commitment of the name, not the name", async () => {
  const [enrolled, codes] = await held.current.journal(`factors/${JONAS.account}`);
  assert.equal(enrolled.kind, "factor-enrolled");
  assert.match(enrolled.entry.event.name.commitment, /^[0-9a-f]{64}$/);
  assert.equal(codes.kind, "recovery-codes-made");
  const rows = await held.current.sql("SELECT entry FROM journal");
  assert.ok(!rows.some((row) => row.entry.includes("Work phone")));
  const [text] = await held.current.sql("SELECT body FROM text WHERE id = ?", enrolled.entry.event.name.text);
  assert.equal(text.body, "Work phone");
});

test("a second one takes a code of the first, and each of both decides", async () => {
  (await jonas().call("/api/enrolment/begin", { name: "Tablet" })).good();
  await nextStep(held.current);
  const second = await another(jonas(), { name: "Tablet" });
  assert.equal(second.recovery_codes, undefined, "codes are made once");
  const [, , row] = await held.current.journal(`factors/${JONAS.account}`);
  assert.equal(row.entry.event.proved_by, "current-factor");
  (await held.current.as(AUTHOR).submit()).good();
  await nextStep(held.current);
  const challenge = (await jonas().challenge()).good();
  const decided = (await jonas().decide(challenge, { code: codeNow(held.current, second.key) })).good();
  assert.equal(decided.repeated, false);
  const [entry] = (await held.current.journal()).filter((one) => one.kind === "decided");
  assert.equal(entry.entry.event.proof.factor.factor, second.factor);
  of.second = second;
});

test("the own view tells when, what for, on which page and with which", async () => {
  const { uses, factors } = await listed(jonas());
  const [decision, added] = uses;
  assert.equal(decision.outcome, "confirmed");
  assert.match(decision.what, /^Approved version \d+$/);
  assert.equal(decision.page.title, "Information Security Policy");
  assert.equal(decision.factor_name, "Tablet");
  assert.equal(added.what, "Began to set up another way to confirm");
  assert.ok(factors.every((factor) => factor.last_used_at > 0), "each was used for something");
});

test("a refused code is in the own view and in the journal with its kind, without the code", async () => {
  const challenge = await jonas().call("/api/factors/recovery-codes", {});
  const wrong = jonas().wrongCode();
  const confirm = { challenge: challenge.good().confirm.challenge, code: wrong };
  (await jonas().call("/api/factors/recovery-codes", { confirm })).refused(422, "wrong-code");
  const { uses } = await listed(jonas());
  assert.deepEqual([uses[0].outcome, uses[0].factor_kind], ["refused", "totp"]);
  const facts = await held.current.journal(`person-facts/${JONAS.account}`);
  assert.equal(facts.at(-1).entry.event.factor_kind, "totp");
  assert.ok(!JSON.stringify(facts.at(-1).entry.event).includes(wrong));
});

test("the title of a page the person can't see any more is not told", async () => {
  await held.current.sandbox.restrict?.("98305", []);
  const other = await listed(held.current.as(PRIYA));
  assert.deepEqual(other.uses, [], "nobody sees what others confirmed");
});

test("a name is changed without a code; markup stays text; what can't be shown is refused", async () => {
  const rename = (name, factor = of.factor) => jonas().call("/api/factors/rename", { factor, name });
  const named = (await rename("<b>Phone</b> & co")).good().factors.find((one) => one.id === of.factor);
  assert.equal(named.name, "<b>Phone</b> & co");
  for (const bad of ["x".repeat(61), "a\nb", "phone\u202eenohp"]) {
    assert.equal((await rename(bad)).refused(422, "bad-field").field, "name");
  }
  assert.equal((await rename("")).good().factors.find((one) => one.id === of.factor).name, null);
});

test("one takes the place of another in one step: the other counts no longer", async () => {
  await nextStep(held.current);
  const third = await another(jonas(), { name: "New tablet", replaces: of.second.factor });
  const { factors } = await listed(jonas());
  assert.deepEqual(factors.map((one) => one.id).sort(), [of.factor, third.factor].sort());
  await nextStep(held.current);
  const answer = await confirmed(jonas(), "/api/factors/recovery-codes", {}, codeNow(held.current, of.second.key));
  answer.refused(422, "wrong-code");
  const [row] = await held.current.sql("SELECT secret, active, ended_at FROM factor WHERE id = ?", of.second.factor);
  assert.deepEqual([row.secret, row.active], ["", 0]);
  assert.ok(row.ended_at > 0);
  of.third = third;
});

test("removing one takes a code; the last one goes only if that is wanted, and takes the recovery codes along", async () => {
  await nextStep(held.current);
  const remove = { factor: of.third.factor };
  (await confirmed(jonas(), "/api/factors/remove", remove, jonas().wrongCode())).refused(422, "wrong-code");
  const done = (await confirmed(jonas(), "/api/factors/remove", remove, await jonas().code())).good().done;
  assert.deepEqual(done.factors.map((one) => one.id), [of.factor]);
  const last = { factor: of.factor };
  assert.equal((await jonas().call("/api/factors/remove", last)).refused(422, "bad-field").field, "even_the_last");
  await nextStep(held.current);
  const gone = (await confirmed(jonas(), "/api/factors/remove", { ...last, even_the_last: true }, await jonas().code())).good().done;
  assert.deepEqual([gone.factors, gone.recovery], [[], null]);
  const kinds = (await held.current.journal(`factors/${JONAS.account}`)).map((row) => row.kind);
  assert.deepEqual(kinds.slice(-2), ["factor-removed", "factor-removed"]);
  await held.current.drain();
  const mails = await held.current.mailsTo(JONAS);
  assert.ok(mails.filter((mail) => /removed/i.test(mail.subject + mail.text)).length >= 2);
});

test("no more than ten", async () => {
  const priya = held.current.as(PRIYA);
  await first(priya);
  for (let count = 1; count < 10; count += 1) {
    await nextStep(held.current);
    await another(priya, { name: `Phone ${count}` });
  }
  assert.equal((await listed(priya)).factors.length, 10);
  (await priya.call("/api/enrolment/begin", {})).refused(403, "not-allowed");
  const [, oldest] = (await listed(priya)).factors;
  await nextStep(held.current);
  await another(priya, { replaces: oldest.id });
  assert.equal((await listed(priya)).factors.length, 10);
});

test("“this wasn't me” locks, ends what was under way, tells the owner and the admins; only an admin releases it", async () => {
  const priya = held.current.as(PRIYA);
  await held.current.as(ADMIN).from("approval-settings").call("/api/settings/overview");
  const [now] = await held.current.sql("SELECT COUNT(*) AS n FROM outbox");
  const state = (await priya.call("/api/factors/not-me")).good();
  assert.equal(state.lock.is, "until-unlocked");
  assert.equal((await counted(held.current, PRIYA)).held, 1);
  (await priya.call("/api/enrolment/begin", {})).refused(429, "locked");
  (await priya.call("/api/factors/recovery-codes", {})).refused(429, "locked");
  // Again changes nothing, and mails nobody twice.
  (await priya.call("/api/factors/not-me")).good();
  const facts = (await held.current.journal(`person-facts/${PRIYA.account}`)).filter((row) => row.kind === "not-me");
  assert.equal(facts.length, 1);
  await held.current.drain();
  const [after] = await held.current.sql("SELECT COUNT(*) AS n FROM outbox");
  assert.ok(after.n >= now.n);
  assert.ok((await held.current.mailsTo(PRIYA)).some((mail) => /locked|not you|wasn/i.test(mail.subject)));
  assert.ok((await held.current.mailsTo(ADMIN)).some((mail) => mail.text.includes(PRIYA.name)));
  const { uses } = await listed(priya);
  assert.equal(uses[0].outcome, "locked");
  // Time alone does not release it.
  await held.current.advance(2 * DAY);
  assert.equal((await listed(priya)).lock.is, "until-unlocked");
});

test("whoever has nothing sees nothing, and what to do", async () => {
  const { factors, recovery, uses } = await listed(held.current.as(VIEWER));
  assert.deepEqual([factors, recovery, uses], [[], null, []]);
});
