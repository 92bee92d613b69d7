// Sending a decision again (a double press, a retry) gives the recorded entry and writes nothing.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { AUTHOR, JONAS, PRIYA } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
let challenge, sent, first;
before(async () => {
  const site = held.current;
  await site.as(JONAS).enrol();
  (await site.as(AUTHOR).submit()).good();
  const jonas = site.as(JONAS);
  challenge = (await jonas.challenge("approve")).good();
  sent = { code: await jonas.code(), comment: "Fine." };
  first = (await jonas.decide(challenge, sent)).good();
});

const everything = async () => JSON.stringify([
  await held.current.sql("SELECT * FROM journal ORDER BY position"),
  await held.current.sql("SELECT * FROM guess"),
  await held.current.sql("SELECT * FROM factor"),
  await held.current.sql("SELECT * FROM consumed"),
  await held.current.sql("SELECT COUNT(*) AS n FROM outbox"),
]);

test("the same request again gives the same entry and writes nothing", async () => {
  const before = await everything();
  const again = (await held.current.as(JONAS).decide(challenge, sent)).good();
  assert.equal(again.repeated, true);
  assert.equal(again.seq, first.seq);
  assert.equal(again.at, first.at);
  assert.equal(again.status.approved.version, 1);
  assert.equal(await everything(), before);
});

test("it does so however often and however fast it comes", async () => {
  const before = await everything();
  const jonas = held.current.as(JONAS);
  const answers = await Promise.all(Array.from({ length: 20 }, () => jonas.decide(challenge, sent, { settle: false })));
  assert.ok(answers.every((answer) => answer.good().repeated && answer.body.seq === first.seq));
  assert.equal(await everything(), before);
});

test("a code is not compared again, nor counted", async () => {
  const before = await everything();
  const again = (await held.current.as(JONAS).decide(challenge, { ...sent, code: "000000" })).good();
  assert.equal(again.seq, first.seq);
  assert.equal(await everything(), before);
});

test("it does so after the page was edited, too", async () => {
  await held.current.edit();
  const before = await everything();
  const again = (await held.current.as(JONAS).decide(challenge, sent)).good();
  assert.equal(again.repeated, true);
  assert.equal(again.seq, first.seq);
  assert.equal(await everything(), before);
});

test("nobody else gets an answer by it", async () => {
  const before = await everything();
  const answer = await held.current.as(PRIYA).decide(challenge, sent);
  assert.ok(answer.status >= 400 && answer.status !== 401, answer.text);
  assert.equal(answer.body.status, answer.status);
  assert.equal(await everything(), before);
});

test("the other verdict on the used challenge is refused", async () => {
  const before = await everything();
  const answer = await held.current.as(JONAS).decide(challenge, { ...sent, decision: "reject" });
  assert.ok(["challenge-invalid", "challenge-used"].includes(answer.body.kind), answer.text);
  assert.equal(await everything(), before);
});

test("once the challenge has expired it gives the same entry or says so, and writes nothing", async () => {
  await held.current.advance(20 * 60_000);
  const before = await everything();
  const answer = await held.current.as(JONAS).decide(challenge, sent);
  if (answer.status === 200) assert.equal(answer.body.seq, first.seq);
  else answer.refused(410, "challenge-expired");
  assert.equal(await everything(), before);
});
