// Attacks on recovery codes: used twice, raced, somebody else's, guessed, from an older set.
import assert from "node:assert/strict";
import { test } from "node:test";
import { codeNow, confirmed, counted, first, listed, nextStep } from "../support/factors.mjs";
import { JONAS, OTHER_SITE, PRIYA } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const jonas = () => held.current.as(JONAS);
const priya = () => held.current.as(PRIYA);
const ROUTE = "/api/enrolment/begin";
const of = {};

test("reuse: a code that was used once is refused for ever", async () => {
  of.jonas = await first(jonas());
  of.priya = await first(priya());
  const [code] = of.jonas.recovery_codes;
  (await confirmed(jonas(), ROUTE, { name: "one" }, code)).good();
  for (const name of ["two", "three"]) (await confirmed(jonas(), ROUTE, { name }, code)).refused(422, "code-used");
  const used = await held.current.sql("SELECT COUNT(*) AS n FROM recovery_code WHERE person = ? AND used_at IS NOT NULL", JONAS.account);
  assert.equal(used[0].n, 1);
});

test("race: one code sent 50 times at once, each with a challenge of its own, counts once", async () => {
  await held.current.sql("UPDATE guess SET failures = 0, locked_until = 0 WHERE person = ?", JONAS.account);
  const code = of.jonas.recovery_codes[1];
  const before = (await held.current.journal(`factors/${JONAS.account}`)).length;
  const challenges = [];
  for (let count = 0; count < 50; count += 1) {
    challenges.push((await jonas().call(ROUTE, { name: `race ${count}` })).good().confirm.challenge);
  }
  const answers = await Promise.all(
    challenges.map((challenge, count) => jonas().call(ROUTE, { name: `race ${count}`, confirm: { challenge, code } }, { settle: false })),
  );
  const won = answers.filter((answer) => answer.status === 200);
  assert.equal(won.length, 1, answers.map((answer) => answer.body?.kind ?? answer.status).join());
  await held.current.worker.idle();
  const rows = (await held.current.journal(`factors/${JONAS.account}`)).slice(before);
  assert.deepEqual(rows.map((row) => row.kind), ["recovery-code-used"]);
  assert.equal((await listed(jonas())).recovery.left, 8);
});

test("somebody else's code is worth nothing, on this site or another", async () => {
  await held.current.sql("UPDATE guess SET failures = 0, locked_until = 0");
  (await confirmed(jonas(), ROUTE, {}, of.priya.recovery_codes[0])).refused(422, "wrong-code");
  await held.current.install(OTHER_SITE);
  const elsewhere = priya().at(OTHER_SITE);
  const answer = (await elsewhere.call(ROUTE, {})).good();
  assert.ok(answer.sent_to, "nothing is set up there: only the mailbox counts");
  assert.equal((await listed(priya())).recovery.left, 10);
});

test("a confirmation for one request can't be used for another: the name and what is replaced are bound", async () => {
  await held.current.sql("UPDATE guess SET failures = 0, locked_until = 0");
  const { confirm } = (await jonas().call(ROUTE, { name: "mine" })).good();
  const code = of.jonas.recovery_codes[2];
  const body = { name: "mine", replaces: of.jonas.factor, confirm: { challenge: confirm.challenge, code } };
  (await jonas().call(ROUTE, body)).refused(422, "challenge-invalid");
  (await priya().call(ROUTE, { name: "mine", confirm: { challenge: confirm.challenge, code } })).refused(422, "challenge-invalid");
  assert.equal((await counted(held.current, JONAS)).failures, 0, "refused before anything was compared");
  assert.equal((await listed(jonas())).recovery.left, 8);
});

test("guessing codes runs into the person's one limit, together with all other guesses", async () => {
  await held.current.sql("UPDATE guess SET failures = 0, locked_until = 0");
  const kinds = [];
  for (let count = 0; count < 7; count += 1) {
    const asked = await jonas().call(ROUTE, { name: `guess ${count}` });
    if (asked.status !== 200) {
      kinds.push(asked.body.kind);
      continue;
    }
    const guess = count % 2 ? jonas().wrongCode(count) : `2222-${"3456-789A-BCDE-FGHJ-KMN".replace(/-KMN$/, "")}-KMN${count}`;
    const { challenge } = asked.body.confirm;
    kinds.push((await jonas().call(ROUTE, { name: `guess ${count}`, confirm: { challenge, code: guess } })).body.kind);
  }
  assert.equal(kinds.filter((kind) => kind === "wrong-code").length, 5, kinds.join());
  assert.deepEqual(kinds.slice(-2), ["locked", "locked"]);
});

test("while locked a right recovery code opens nothing, and is not used up", async () => {
  const code = of.jonas.recovery_codes[3];
  const left = (await listed(jonas())).recovery.left;
  (await jonas().call(ROUTE, {})).refused(429, "locked");
  // A challenge from before the lock is no way round it.
  await held.current.advance(61_000);
  const { confirm } = (await jonas().call(ROUTE, {})).good();
  const wrong = { confirm: { challenge: confirm.challenge, code: jonas().wrongCode(99) } };
  (await jonas().call(ROUTE, wrong)).refused(422, "wrong-code");
  (await jonas().call(ROUTE, { confirm: { challenge: confirm.challenge, code } })).refused(429, "locked");
  assert.equal((await listed(jonas())).recovery.left, left);
});

test("an older set ends with a newer one, also for a request that was under way", async () => {
  await held.current.sql("UPDATE guess SET failures = 0, locked_until = 0");
  await nextStep(held.current);
  const { confirm } = (await jonas().call(ROUTE, {})).good();
  (await confirmed(jonas(), "/api/factors/recovery-codes", {}, codeNow(held.current, of.jonas.key))).good();
  (await jonas().call(ROUTE, { confirm: { challenge: confirm.challenge, code: of.jonas.recovery_codes[4] } })).refused(422, "wrong-code");
});
