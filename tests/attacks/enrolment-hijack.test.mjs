// Attacks on setting up: whoever stole a session, and nothing else, must not end up with a factor that counts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { another, codeNow, confirmed, first, listed, nextStep } from "../support/factors.mjs";
import { JONAS, PRIYA, VIEWER } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const jonas = () => held.current.as(JONAS);
const priya = () => held.current.as(PRIYA);
const of = {};

test("a stolen session without the mailbox gets no first factor, in whatever order it asks", async () => {
  const thief = held.current.as(VIEWER);
  (await thief.call("/api/enrolment/begin", {})).good();
  (await thief.confirmEnrolment("123456")).refused(410, "enrolment-expired");
  (await thief.call("/api/enrolment/confirm", {})).refused(410, "enrolment-expired");
  (await thief.call("/api/passkey/make", {})).refused(410, "enrolment-expired");
  // A passkey begun the same way waits for the mailbox, too.
  assert.ok((await thief.call("/api/enrolment/begin", { factor_kind: "passkey" })).good().sent_to);
  (await thief.call("/api/enrolment/confirm", {})).refused(410, "enrolment-expired");
  assert.equal((await held.current.sql("SELECT COUNT(*) AS n FROM factor WHERE person = ?", VIEWER.account))[0].n, 0);
});

test("with a factor there, the mailbox is not enough any more: none is mailed", async () => {
  of.jonas = await first(jonas());
  const mails = (await held.current.mailsTo(JONAS)).length;
  const answer = (await jonas().call("/api/enrolment/begin", {})).good();
  assert.ok(answer.confirm && !answer.sent_to && !answer.key);
  await held.current.drain();
  assert.equal((await held.current.mailsTo(JONAS)).length, mails);
  (await jonas().enterMailCode("ABCD-2345")).refused(410, "enrolment-expired");
});

test("an older set-up, begun before there was one, can't be finished beside it", async () => {
  (await priya().call("/api/enrolment/begin", {})).good();
  await held.current.drain();
  const { key } = (await priya().enterMailCode(await priya().mailedCode())).good();
  // Meanwhile another one is finished: straight into the table, since two set-ups can't be under way at once.
  await held.current.sql(
    `INSERT INTO factor (site, person, id, kind, secret, last_step, active, enrolled_at)
     SELECT site, ?1, 'other', kind, secret, last_step, 1, enrolled_at FROM factor WHERE person = ?2`,
    PRIYA.account,
    JONAS.account,
  );
  (await priya().confirmEnrolment(codeNow(held.current, key))).refused(409, "factor-exists");
  assert.equal((await held.current.sql("SELECT COUNT(*) AS n FROM factor WHERE person = ?", PRIYA.account))[0].n, 1);
  await held.current.sql("DELETE FROM factor WHERE person = ?", PRIYA.account);
});

test("replacing takes a factor that counts: not the mailbox, not nothing, not a code of the new one", async () => {
  const body = { replaces: of.jonas.factor };
  const { confirm } = (await jonas().call("/api/enrolment/begin", body)).good();
  for (const code of ["", "ABCD-2345", jonas().wrongCode()]) {
    const answer = await jonas().call("/api/enrolment/begin", { ...body, confirm: { challenge: confirm.challenge, code } });
    assert.equal(answer.status, 422, answer.text);
  }
  await nextStep(held.current);
  const { key } = (await confirmed(jonas(), "/api/enrolment/begin", body, await jonas().code())).good();
  await nextStep(held.current);
  const asked = (await jonas().call("/api/factors/remove", { factor: of.jonas.factor, even_the_last: true })).good();
  const removal = { factor: of.jonas.factor, even_the_last: true };
  const sent = { ...removal, confirm: { challenge: asked.confirm.challenge, code: codeNow(held.current, key) } };
  (await jonas().call("/api/factors/remove", sent)).refused(422, "wrong-code");
  assert.deepEqual((await listed(jonas())).factors.map((one) => one.id), [of.jonas.factor]);
});

test("somebody else's factor is not found, whatever is asked of it", async () => {
  of.priya = await first(priya());
  const id = of.jonas.factor;
  for (const [route, body] of [
    ["/api/factors/rename", { factor: id, name: "mine now" }],
    ["/api/factors/renew", { factor: id }],
    ["/api/factors/remove", { factor: id }],
    ["/api/enrolment/begin", { replaces: id }],
  ]) {
    (await priya().call(route, body)).refused(404, "not-found");
  }
  const [row] = await held.current.sql("SELECT active, name FROM factor WHERE id = ?", id);
  assert.equal(row.active, 1);
  const { factors } = await listed(priya());
  assert.ok(!factors.some((one) => one.id === id));
});

test("“this wasn't me” can't be said of somebody else, however the request is dressed up", async () => {
  const bodies = [{ person: JONAS.account }, { account: JONAS.account, subject: JONAS.account, site: "x" }];
  for (const body of bodies) await held.current.as(VIEWER).call("/api/factors/not-me", body);
  assert.equal((await listed(jonas())).lock, null);
  assert.equal((await held.current.sql("SELECT COUNT(*) AS n FROM guess WHERE person = ? AND held = 1", JONAS.account))[0].n, 0);
  const facts = await held.current.journal(`person-facts/${JONAS.account}`);
  assert.equal(facts.filter((row) => row.kind === "not-me").length, 0);
});

test("a set-up that was proved ends with “this wasn't me”: the thief who waits with it has nothing", async () => {
  await nextStep(held.current);
  const { key } = (await confirmed(priya(), "/api/enrolment/begin", { name: "thief's" }, await priya().code())).good();
  (await priya().call("/api/factors/not-me")).good();
  const answer = await priya().confirmEnrolment(codeNow(held.current, key));
  assert.ok(["enrolment-expired", "locked"].includes(answer.body.kind), answer.text);
  assert.equal((await listed(priya())).factors.length, 1);
});

test("race: two set-ups finished at once leave one factor, and a gapless journal", async () => {
  await nextStep(held.current);
  const second = await confirmed(jonas(), "/api/enrolment/begin", { name: "raced" }, await jonas().code());
  const code = codeNow(held.current, second.good().key);
  const answers = await Promise.all(Array.from({ length: 20 }, () => jonas().confirmEnrolment(code, { settle: false })));
  assert.equal(answers.filter((answer) => answer.status === 200).length, 1);
  await held.current.worker.idle();
  assert.equal((await listed(jonas())).factors.length, 2);
  const rows = await held.current.journal(`factors/${JONAS.account}`);
  assert.deepEqual(rows.map((row) => row.seq), rows.map((_, index) => index + 1));
});

test("race: removing both of two at once, each with the other, leaves no gap and no surprise", async () => {
  await held.current.sql("UPDATE guess SET failures = 0, locked_until = 0");
  await nextStep(held.current);
  const tablet = await another(jonas(), { name: "tablet" });
  await nextStep(held.current);
  const all = (await listed(jonas())).factors.map((one) => one.id);
  const asked = [];
  for (const factor of all) asked.push([factor, (await jonas().call("/api/factors/remove", { factor })).good().confirm.challenge]);
  const codes = [await jonas().code(), codeNow(held.current, tablet.key), codeNow(held.current, tablet.key)];
  const answers = await Promise.all(
    asked.map(([factor, challenge], index) => jonas().call("/api/factors/remove", { factor, confirm: { challenge, code: codes[index] } }, { settle: false })),
  );
  await held.current.worker.idle();
  const left = (await listed(jonas())).factors.length;
  assert.equal(left, 3 - answers.filter((answer) => answer.status === 200).length, answers.map((answer) => answer.body?.kind).join());
  assert.ok(left >= 1, "the last one goes only if that was wanted");
});
