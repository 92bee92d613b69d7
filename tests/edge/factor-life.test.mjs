// How long a factor counts: 30 days, renewed by itself, before its end or up to 90 days after; then as if it had been removed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { another, codeNow, confirmed, first, listed, nextStep } from "../support/factors.mjs";
import { AUTHOR, JONAS, PRIYA } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const DAY = 24 * 3600_000;
const jonas = () => held.current.as(JONAS);
const renew = (factor, code) => confirmed(jonas(), "/api/factors/renew", { factor }, code);
const of = {};

test("it says when it ends, and a week before that it ends soon", async () => {
  Object.assign(of, await first(jonas()));
  assert.equal((await listed(jonas())).factors[0].stage, "counts");
  await held.current.advance(23.1 * DAY);
  assert.equal((await listed(jonas())).factors[0].stage, "soon");
});

test("its owner is told before it ends and when it has, each time once", async () => {
  await held.current.drain();
  for (let round = 0; round < 3; round += 1) {
    await held.current.hourly();
    await held.current.drain();
  }
  const told = async () => (await held.current.mailsTo(JONAS)).filter((mail) => /expire|renew/i.test(mail.subject)).length;
  assert.equal(await told(), 1);
  await held.current.advance(7 * DAY);
  for (let round = 0; round < 3; round += 1) {
    await held.current.hourly();
    await held.current.drain();
  }
  assert.equal(await told(), 2);
});

test("expired it confirms nothing: no decision, no further one, no removal, no new codes", async () => {
  assert.equal((await listed(jonas())).factors[0].stage, "expired");
  (await held.current.as(AUTHOR).submit()).good();
  (await jonas().challenge()).refused(422, "no-factor");
  for (const [route, body] of [
    ["/api/factors/remove", { factor: of.factor, even_the_last: true }],
    ["/api/factors/recovery-codes", {}],
  ]) {
    (await jonas().call(route, body)).refused(422, "no-factor");
  }
  const { confirm } = (await jonas().call("/api/enrolment/begin", {})).good();
  assert.deepEqual(confirm.how.factors, ["recovery-code"], "only a recovery code helps with a further one");
});

test("a challenge from before its end is worth nothing after it", async () => {
  await nextStep(held.current);
  (await renew(of.factor, await jonas().code())).good();
  await held.current.advance(30 * DAY - 60_000);
  const challenge = (await jonas().challenge()).good();
  await held.current.advance(61_000);
  const answer = await jonas().decide(challenge, { code: await jonas().code() });
  assert.notEqual(answer.status, 200, answer.text);
  assert.equal((await held.current.journal()).filter((row) => row.kind === "decided").length, 0);
});

test("its own code renews it, though it has expired; it counts 30 days from then", async () => {
  await nextStep(held.current);
  (await renew(of.factor, jonas().wrongCode())).refused(422, "wrong-code");
  const done = (await renew(of.factor, await jonas().code())).good().done;
  assert.equal(done.factors[0].stage, "counts");
  assert.ok(Math.abs(done.factors[0].expires_at - held.current.now() - 30 * DAY) < 60_000);
  const row = (await held.current.journal(`factors/${JONAS.account}`)).at(-1);
  assert.equal(row.kind, "factor-renewed");
  assert.equal(row.entry.event.expires_at, done.factors[0].expires_at);
  const challenge = (await jonas().challenge()).good();
  (await jonas().decide(challenge, { code: await jonas().code() })).good();
});

test("renewing early gains nothing; only its own code renews it", async () => {
  await nextStep(held.current);
  const second = await another(jonas(), { name: "Tablet" });
  await nextStep(held.current);
  (await renew(of.factor, codeNow(held.current, second.key))).refused(422, "wrong-code");
  const before = (await listed(jonas())).factors.find((one) => one.id === of.factor).expires_at;
  await nextStep(held.current);
  const done = (await renew(of.factor, await jonas().code())).good().done;
  const after = done.factors.find((one) => one.id === of.factor).expires_at;
  assert.ok(after - before < DAY, "the new life begins now");
  of.second = second;
});

test("one step renews once, and decides nothing besides", async () => {
  await nextStep(held.current);
  const code = await jonas().code();
  (await renew(of.factor, code)).good();
  (await renew(of.factor, code)).refused(422, "code-used");
});

test("90 days after its end it is over: neither shown nor renewed, and a mailed code sets up anew", async () => {
  await held.current.advance(31 * DAY);
  const { confirm } = (await jonas().call("/api/factors/renew", { factor: of.factor })).good();
  await held.current.advance(90 * DAY);
  assert.deepEqual((await listed(jonas())).factors, []);
  (await jonas().call("/api/factors/renew", { factor: of.factor })).refused(404, "not-found");
  const late = { factor: of.factor, confirm: { challenge: confirm.challenge, code: await jonas().code() } };
  (await jonas().call("/api/factors/renew", late)).refused(404, "not-found");
  const fresh = await first(jonas());
  assert.equal(fresh.recovery_codes.length, 10, "the old set ended with it");
  const rows = await held.current.sql("SELECT id, active, secret FROM factor WHERE person = ? ORDER BY enrolled_at", JONAS.account);
  assert.deepEqual(rows.map((row) => row.active), [0, 0, 1]);
  assert.ok(rows.slice(0, 2).every((row) => row.secret === ""), "what is over keeps no secret");
});

test("where the policy says never, nothing ends", async () => {
  const priya = held.current.as(PRIYA);
  const [policy] = await held.current.sql("SELECT seq, entry FROM journal WHERE stream = 'policy' ORDER BY seq DESC LIMIT 1");
  const entry = JSON.parse(policy.entry);
  entry.event.policy.enrolment.life_days = null;
  entry.event.policy.version += 1;
  await held.current.sql(
    `INSERT INTO journal (site, stream, seq, position, at, kind, entry, leaf)
     SELECT site, stream, seq + 1, (SELECT MAX(position) + 1 FROM journal AS all_of WHERE all_of.site = journal.site), at, kind, ?1, 'x'
       FROM journal WHERE stream = 'policy' ORDER BY seq DESC LIMIT 1`,
    JSON.stringify(entry),
  );
  const answer = await first(priya);
  assert.equal(answer.expires_at, undefined);
  await held.current.advance(400 * DAY);
  const { factors, life_days } = await listed(priya);
  assert.deepEqual([factors[0].stage, factors[0].expires_at, life_days], ["counts", null, null]);
});
