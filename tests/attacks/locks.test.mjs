// Pauses after wrong codes: they double, their end resets nothing, and after fifty in a row only an admin helps.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { AUTHOR, JONAS } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
let salt = 0;

before(async () => {
  await held.current.as(JONAS).enrol();
  (await held.current.as(AUTHOR).submit()).good();
});

let challenge;
/** One wrong code; the challenge is renewed where its time is up. */
async function guess() {
  const site = held.current;
  const jonas = site.as(JONAS);
  if (!challenge || challenge.expires_at < site.now() + 1000) {
    const answer = await jonas.challenge();
    if (answer.status !== 200) return answer;
    challenge = answer.body;
  }
  salt += 1;
  return jonas.decide(challenge, { code: jonas.wrongCode(salt) });
}

const pass = (millis) => held.current.advance(millis);

test("five are compared, each saying how many are left, then there is a pause of a minute", async () => {
  const left = [];
  for (let count = 0; count < 5; count += 1) left.push((await guess()).refused(422, "wrong-code").tries_left);
  assert.deepEqual(left, [4, 3, 2, 1, 0]);
  const problem = (await guess()).refused(429, "locked");
  assert.equal(problem.lock.is, "until");
  const pause = problem.lock.at - held.current.now();
  assert.ok(pause > 50_000 && pause <= 60_000, `${pause} ms`);
});

test("during the pause the right code is not compared either", async () => {
  const jonas = held.current.as(JONAS);
  (await jonas.decide(challenge, { code: held.current.authenticators.at(JONAS.account, 0) })).refused(429, "locked");
  (await jonas.challenge()).refused(429, "locked");
});

test("the end of a pause resets nothing, and each pause is twice the last, up to an hour", async () => {
  const pauses = [];
  await pass(MINUTE);
  for (let count = 0; count < 8; count += 1) {
    (await guess()).refused(422, "wrong-code");
    const [row] = await held.current.sql("SELECT failures, locked_until FROM guess WHERE person = ?", JONAS.account);
    assert.equal(row.failures, 6 + count);
    pauses.push(Math.round((row.locked_until - held.current.now()) / MINUTE));
    await pass(row.locked_until - held.current.now() - 2000);
    (await guess()).refused(429, "locked");
    await pass(3000);
  }
  assert.deepEqual(pauses, [2, 4, 8, 16, 32, 60, 60, 60]);
});

test("the fiftieth in a row is final: time does not help any more", async () => {
  const site = held.current;
  await site.sql("UPDATE guess SET failures = 48, locked_until = 0 WHERE person = ?", JONAS.account);
  (await guess()).refused(422, "wrong-code");
  await pass(61 * MINUTE);
  (await guess()).refused(422, "wrong-code");
  await pass(20 * DAY);
  challenge = undefined;
  assert.deepEqual((await guess()).refused(429, "locked").lock, { is: "until-unlocked" });
  const mails = (await site.mailsTo(JONAS)).filter((mail) => /lock/i.test(mail.subject));
  assert.ok(mails.some((mail) => /admin unlocks/.test(mail.text)));
});
