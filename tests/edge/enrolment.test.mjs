// Setting up an authenticator: a code mailed to the account's address, a secret shown once, a first code.
import assert from "node:assert/strict";
import { test } from "node:test";
import { JONAS, PRIYA, VIEWER, AUTHOR, GUEST } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";
import { codeOf, fromBase32, stepAt } from "../support/totp.mjs";

const held = await siteForFile();
const MINUTE = 60_000;
const wrongMailCode = (code) => (code.startsWith("2222") ? "3333-3333" : "2222-2222");
const current = (key, offset = 0) => codeOf(key, stepAt(held.current.now()) + offset);

test("the address is masked, and the mail goes to the account's own", async () => {
  const answer = (await held.current.as(JONAS).beginEnrolment()).good();
  assert.ok(answer.sent_to.endsWith("@example.com"));
  assert.ok(!answer.sent_to.includes("jonas"));
  assert.ok(answer.expires_at > held.current.now());
  await held.current.drain();
  const [mail] = await held.current.mailsTo(JONAS);
  assert.deepEqual(mail.to, [JONAS.email]);
  assert.ok(mail.text.includes(JONAS.name));
});

test("a wrong mailed code is refused, typing it sloppily is fine", async () => {
  const jonas = held.current.as(JONAS);
  const code = await jonas.mailedCode();
  (await jonas.enterMailCode(wrongMailCode(code))).refused(422, "wrong-code");
  for (const odd of ["", "ABCD", "ＡBCD-EFGH", "x".repeat(5000)]) {
    const answer = await jonas.enterMailCode(odd);
    assert.ok(["bad-field", "wrong-code"].includes(answer.body.kind), answer.text);
  }
  const answer = (await jonas.enterMailCode(` ${code.toLowerCase().replace("-", " ")} `)).good();
  assert.equal(fromBase32(answer.key).length, 20, "160 bits");
  assert.match(answer.qr_svg, /^<(\?xml|svg)/);
  assert.doesNotMatch(answer.qr_svg, /<script|\son\w+=|href/i);
  assert.ok(answer.issuer.length > 0 && answer.account.length > 0);
  held.current.authenticators.add(JONAS.account, answer.key);
});

test("the mailed code works once", async () => {
  const jonas = held.current.as(JONAS);
  const answer = await jonas.enterMailCode(await jonas.mailedCode());
  assert.ok(["enrolment-expired", "wrong-code"].includes(answer.body.kind), answer.text);
});

test("a wrong first code is refused, the right one enrols, and its step is used up", async () => {
  const jonas = held.current.as(JONAS);
  (await jonas.confirmEnrolment(jonas.wrongCode())).refused(422, "wrong-code");
  const code = await jonas.code();
  const answer = (await jonas.confirmEnrolment(code)).good();
  assert.ok(answer.factor.length > 10);
  (await held.current.as(AUTHOR).submit()).good();
  const challenge = (await jonas.challenge()).good();
  (await jonas.decide(challenge, { code })).refused(422, "code-used");
});

test("the owner is told of it by mail", async () => {
  await held.current.drain();
  const mails = await held.current.mailsTo(JONAS);
  assert.ok(mails.some((mail) => /authenticator was set up/i.test(mail.subject)));
});

test("it is in the journal without the secret", async () => {
  const [row] = await held.current.journal(`factors/${JONAS.account}`);
  assert.equal(row.kind, "factor-enrolled");
  assert.equal(row.entry.event.factor_kind, "totp");
  assert.equal(row.entry.event.proved_by, "mail-code");
});

test("whoever has one cannot set up another over it by mail: they confirm with what they have", async () => {
  const mails = (await held.current.mailsTo(JONAS)).length;
  const answer = (await held.current.as(JONAS).beginEnrolment()).good();
  assert.deepEqual(answer.confirm.how.factors, ["totp", "recovery-code"]);
  await held.current.drain();
  assert.equal((await held.current.mailsTo(JONAS)).length, mails);
});

test("a later request takes the place of an earlier one", async () => {
  const priya = held.current.as(PRIYA);
  (await priya.beginEnrolment()).good();
  await held.current.drain();
  const first = await priya.mailedCode();
  (await priya.beginEnrolment()).good();
  await held.current.drain();
  const second = await priya.mailedCode();
  assert.notEqual(first, second);
  (await priya.enterMailCode(first)).refused(422, "wrong-code");
  (await priya.enterMailCode(second)).good();
});

test("what is too old is refused", async () => {
  const viewer = held.current.as(VIEWER);
  (await viewer.beginEnrolment()).good();
  await held.current.drain();
  const code = await viewer.mailedCode();
  await held.current.advance(61 * MINUTE);
  (await viewer.enterMailCode(code)).refused(410, "enrolment-expired");
  (await viewer.beginEnrolment()).good();
  await held.current.drain();
  const { key } = (await viewer.enterMailCode(await viewer.mailedCode())).good();
  await held.current.advance(61 * MINUTE);
  (await viewer.confirmEnrolment(current(key))).refused(410, "enrolment-expired");
});

test("steps out of order are refused", async () => {
  const guest = held.current.as(GUEST);
  (await guest.enterMailCode("ABCD-2345")).refused(410, "enrolment-expired");
  (await guest.confirmEnrolment("123456")).refused(410, "enrolment-expired");
  (await guest.beginEnrolment()).good();
  (await guest.confirmEnrolment("123456")).refused(410, "enrolment-expired");
});

test("no more than five mails an hour, whatever the speed", async () => {
  const author = held.current.as(AUTHOR);
  const answers = await Promise.all(Array.from({ length: 12 }, () => author.beginEnrolment({ settle: false })));
  const taken = answers.filter((answer) => answer.status === 200);
  assert.ok(taken.length >= 1 && taken.length <= 5, `${taken.length} were taken`);
  for (const answer of answers.filter((one) => one.status !== 200)) {
    assert.ok(["too-many", "conflict"].includes(answer.body.kind), answer.text);
  }
  for (let count = taken.length; count < 5; count += 1) (await author.beginEnrolment()).good();
  const problem = (await author.beginEnrolment()).refused(429, "too-many");
  assert.ok(problem.retry_at > held.current.now());
  await held.current.advance(61 * MINUTE);
  (await author.beginEnrolment()).good();
});

test("guesses at the mailed code count against the same limit", async () => {
  const priya = held.current.as(PRIYA);
  await held.current.advance(61 * MINUTE);
  (await priya.beginEnrolment()).good();
  await held.current.drain();
  const wrong = wrongMailCode(await priya.mailedCode());
  const kinds = [];
  for (let count = 0; count < 8; count += 1) kinds.push((await priya.enterMailCode(wrong)).body.kind);
  assert.ok(kinds.filter((kind) => kind === "wrong-code").length <= 5, kinds.join());
  assert.equal(kinds.at(-1), "locked");
});
