// Attacks on the lock: whatever is done with factors, wrong codes stay counted.
import assert from "node:assert/strict";
import { test } from "node:test";
import { another, codeNow, confirmed, counted, first, listed, nextStep } from "../support/factors.mjs";
import { ADMIN, AUTHOR, JONAS, PRIYA } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const jonas = () => held.current.as(JONAS);
const priya = () => held.current.as(PRIYA);
const MINUTE = 60_000;
const of = {};

/** Enters wrong codes for a decision until so many are counted in all. */
async function guess(person, who, total) {
  while ((await counted(held.current, who)).failures < total) {
    const { failures, locked_until } = await counted(held.current, who);
    if (locked_until > held.current.now()) await held.current.advance(locked_until - held.current.now() + 1000);
    const challenge = (await person.challenge()).good();
    await person.decide(challenge, { code: person.wrongCode(failures) });
  }
}

test("setting up a first one sets nothing back: wrong mailed codes stay counted", async () => {
  (await jonas().call("/api/enrolment/begin", {})).good();
  await held.current.drain();
  const code = await jonas().mailedCode();
  const wrong = code.startsWith("2222") ? "3333-3333" : "2222-2222";
  for (let count = 0; count < 3; count += 1) (await jonas().enterMailCode(wrong)).refused(422, "wrong-code");
  const { key } = (await jonas().enterMailCode(code)).good();
  assert.equal((await counted(held.current, JONAS)).failures, 3, "the right one is taken back, the wrong ones are not");
  held.current.authenticators.add(JONAS.account, key);
  of.jonas = (await jonas().confirmEnrolment(await jonas().code())).good();
  assert.equal((await counted(held.current, JONAS)).failures, 3, "nor does a code of a secret that was just shown");
});

test("a success with a factor that counts is what sets it back", async () => {
  (await held.current.as(AUTHOR).submit()).good();
  await nextStep(held.current);
  (await jonas().approve()).good();
  assert.equal((await counted(held.current, JONAS)).failures, 0);
});

test("while locked nothing is set up, replaced, renewed or removed, and no new codes are made", async () => {
  await held.current.edit();
  (await held.current.as(AUTHOR).submit()).good();
  await guess(jonas(), JONAS, 5);
  for (const [route, body] of [
    ["/api/enrolment/begin", {}],
    ["/api/enrolment/begin", { replaces: of.jonas.factor }],
    ["/api/factors/renew", { factor: of.jonas.factor }],
    ["/api/factors/remove", { factor: of.jonas.factor, even_the_last: true }],
    ["/api/factors/recovery-codes", {}],
  ]) {
    (await jonas().call(route, body)).refused(429, "locked");
  }
});

test("a confirmation asked for before the lock is no way round it", async () => {
  const { locked_until } = await counted(held.current, JONAS);
  await held.current.advance(locked_until - held.current.now() + 1000);
  const removal = { factor: of.jonas.factor, even_the_last: true };
  const before = (await jonas().call("/api/factors/remove", removal)).good().confirm.challenge;
  await guess(jonas(), JONAS, 6);
  const code = await jonas().code();
  if ((await counted(held.current, JONAS)).locked_until > held.current.now()) {
    (await jonas().call("/api/factors/remove", { ...removal, confirm: { challenge: before, code } })).refused(429, "locked");
  }
  assert.equal((await listed(jonas())).factors.length, 1);
});

test("removing the factor and setting up another buys no guess", async () => {
  const { locked_until } = await counted(held.current, JONAS);
  await held.current.advance(Math.max(locked_until - held.current.now(), 0) + 1000);
  const before = (await counted(held.current, JONAS)).failures;
  assert.ok(before >= 6);
  // As an admin's reset, or a hole, would leave it: the factor is gone, the count is not.
  await held.current.sql("UPDATE factor SET active = 0, secret = '', ended_at = 1 WHERE person = ?", JONAS.account);
  of.jonas = await first(jonas());
  assert.equal((await counted(held.current, JONAS)).failures, before);
  await guess(jonas(), JONAS, before + 1);
  assert.ok((await counted(held.current, JONAS)).locked_until > held.current.now(), "the pause goes on from where it was");
});

test("another address in Confluence sets nothing back either", async () => {
  const { failures } = await counted(held.current, JONAS);
  await held.current.sandbox.setEmail?.(JONAS.account, "jonas.new@example.com");
  assert.equal((await counted(held.current, JONAS)).failures, failures);
  (await jonas().call("/api/enrolment/begin", {})).refused(429, "locked");
});

test("guesses are one count over factors, challenges and kinds", async () => {
  await first(priya());
  await nextStep(held.current);
  await another(priya(), { name: "second" });
  const kinds = [];
  const route = ["/api/factors/recovery-codes", "/api/factors/remove", "/api/factors/renew"];
  const { factors } = await listed(priya());
  const body = [{}, { factor: factors[1].id }, { factor: factors[0].id }];
  for (let count = 0; count < 8; count += 1) {
    const which = count % 3;
    const asked = await priya().call(route[which], body[which]);
    if (asked.status !== 200) {
      kinds.push(asked.body.kind);
      continue;
    }
    const confirm = { challenge: asked.body.confirm.challenge, code: priya().wrongCode(count) };
    kinds.push((await priya().call(route[which], { ...body[which], confirm })).body.kind);
  }
  assert.equal(kinds.filter((kind) => kind === "wrong-code").length, 5, kinds.join());
  assert.equal(kinds.at(-1), "locked");
});

test("locked for good, neither time nor a recovery code nor a new mail helps; only an admin does", async () => {
  await held.current.sql("UPDATE guess SET failures = 50, locked_until = 0 WHERE person = ?", PRIYA.account);
  await held.current.advance(48 * 60 * MINUTE);
  (await priya().call("/api/enrolment/begin", {})).refused(429, "locked");
  assert.equal((await listed(priya())).lock.is, "until-unlocked");
  (await held.current.as(ADMIN).from("approval-settings").call("/api/factors")).good();
  assert.equal((await counted(held.current, PRIYA)).failures, 50);
  const asked = await confirmed(jonas(), "/api/factors/recovery-codes", {}, codeNow(held.current, of.jonas.key)).catch(() => undefined);
  assert.ok(!asked || asked.status !== 500);
});
