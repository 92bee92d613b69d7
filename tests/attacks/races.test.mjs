// Fifty at once: one code gives one acceptance, wrong codes no more guesses than the limit, one challenge one entry.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ADMIN, AUTHOR, JONAS, PRIYA } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile({ vars: { WORKFLOW_PARAMETERS: '{"approvers":"countersign-approvers","minimum":3}' } });
const MANY = 50;
const LIMIT = 5;
const fast = { settle: false };
const tally = (answers) => {
  const kinds = {};
  for (const answer of answers) {
    const kind = answer.status === 200 ? (answer.body.repeated ? "repeated" : "accepted") : answer.body.kind;
    kinds[kind] = (kinds[kind] ?? 0) + 1;
  }
  return kinds;
};
const decisionsOf = async (person) =>
  (await held.current.sql("SELECT entry FROM journal WHERE kind = 'decided'"))
    .map((row) => JSON.parse(row.entry))
    .filter((entry) => entry.actor.account === person.account);

before(async () => {
  for (const who of [JONAS, PRIYA]) await held.current.as(who).enrol();
});

async function pagesInReview(count) {
  const site = held.current;
  const pages = [];
  for (let number = 0; number < count; number += 1) {
    const page = await site.sandbox.createPage({ title: `Race ${number}` });
    (await site.as(AUTHOR).on(page).submit({}, fast)).good();
    pages.push(page);
  }
  return pages;
}

test("fifty decisions on as many pages with one code: exactly one is accepted", async () => {
  const site = held.current;
  const pages = await pagesInReview(MANY);
  const jonas = site.as(JONAS);
  const challenges = [];
  for (const page of pages) challenges.push((await jonas.on(page).challenge("approve", { version: 1 }, fast)).good());
  const code = await jonas.code();
  // Nothing is recorded before all that are let through have compared the code: only the batch itself can tell them apart.
  await site.worker.arm({ binding: "DB", match: "INSERT INTO journal", delay: 400, times: MANY });
  const answers = await Promise.all(pages.map((page, index) => jonas.on(page).decide(challenges[index], { code }, fast)));
  await site.worker.disarm();
  const kinds = tally(answers);
  assert.equal(kinds.accepted, 1, JSON.stringify(kinds));
  const others = Object.keys(kinds).filter((kind) => !["accepted", "code-used", "locked"].includes(kind));
  assert.deepEqual(others, []);
  assert.equal((await decisionsOf(JONAS)).length, 1);
});

test("one challenge pressed fifty times with its code: one entry, every answer the same", async () => {
  const site = held.current;
  const [page] = await pagesInReview(1);
  const priya = site.as(PRIYA).on(page);
  const challenge = (await priya.challenge()).good();
  const code = await priya.code();
  const before = (await decisionsOf(PRIYA)).length;
  const answers = await Promise.all(Array.from({ length: MANY }, () => priya.decide(challenge, { code }, fast)));
  const kinds = tally(answers);
  assert.equal(kinds.accepted ?? 0, 1, JSON.stringify(kinds));
  const seqs = new Set(answers.filter((answer) => answer.status === 200).map((answer) => answer.body.seq));
  assert.equal(seqs.size, 1);
  assert.equal((await decisionsOf(PRIYA)).length, before + 1);
});

test("fifty wrong codes at once: at most five were compared, the rest met a lock", async () => {
  const site = held.current;
  await site.advance(3 * 3600_000);
  const [settled, page] = await pagesInReview(2);
  const jonas = site.as(JONAS);
  // A success first: what came before must not count.
  (await jonas.on(settled).approve()).good();
  const challenge = (await jonas.on(page).challenge()).good();
  const answers = await Promise.all(
    Array.from({ length: MANY }, (_, salt) => jonas.on(page).decide(challenge, { code: jonas.wrongCode(salt) }, fast)),
  );
  const kinds = tally(answers);
  assert.ok((kinds["wrong-code"] ?? 0) <= LIMIT, JSON.stringify(kinds));
  assert.equal((kinds["wrong-code"] ?? 0) + (kinds.locked ?? 0), MANY, JSON.stringify(kinds));
  const [row] = await site.sql("SELECT failures FROM guess WHERE person = ?", JONAS.account);
  assert.equal(row.failures, kinds["wrong-code"]);
});

test("guesses spread over challenges, pages and routes are one count", async () => {
  const site = held.current;
  await site.advance(3600_000);
  const pages = await pagesInReview(4);
  const priya = site.as(PRIYA);
  const challenges = [];
  for (const page of pages) challenges.push((await priya.on(page).challenge("approve", { version: 1 }, fast)).good());
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, salt) =>
      priya.on(pages[salt % 4]).decide(challenges[salt % 4], { code: priya.wrongCode(salt) }, fast)),
  );
  const kinds = tally(answers);
  assert.ok((kinds["wrong-code"] ?? 0) <= LIMIT, JSON.stringify(kinds));
});

test("an authenticator confirmed fifty times at once is one factor", async () => {
  const site = held.current;
  const admin = site.as(ADMIN);
  (await admin.beginEnrolment()).good();
  await site.drain();
  const { key } = (await admin.enterMailCode(await admin.mailedCode())).good();
  site.authenticators.add(ADMIN.account, key);
  const code = await admin.code();
  await Promise.all(Array.from({ length: MANY }, () => admin.confirmEnrolment(code, fast)));
  const factors = await site.sql("SELECT id FROM factor WHERE person = ?", ADMIN.account);
  assert.equal(factors.length, 1);
  const kinds = (await site.journal(`factors/${ADMIN.account}`)).map((row) => row.kind);
  assert.deepEqual(kinds, ["factor-enrolled", "recovery-codes-made"]);
  assert.equal((await site.sql("SELECT COUNT(*) AS n FROM recovery_code WHERE person = ?", ADMIN.account))[0].n, 10);
});

test("a lock released fifty times with one challenge is released once", async () => {
  const site = held.current;
  await site.sql("UPDATE guess SET failures = 50 WHERE person = ?", PRIYA.account);
  const settings = site.as(ADMIN).from("approval-settings");
  const route = "/api/settings/insights/unlock";
  const body = { account: PRIYA.account, reason: "She asked." };
  const { challenge } = (await settings.call(route, body)).good().confirm;
  const sent = { ...body, confirm: { challenge, code: await settings.code() } };
  const answers = await Promise.all(Array.from({ length: MANY }, () => settings.call(route, sent, fast)));
  assert.ok(answers.some((answer) => answer.status === 200), answers[0].text);
  const facts = await site.journal(`person-facts/${PRIYA.account}`);
  assert.equal(facts.filter((row) => row.kind === "unlocked").length, 1);
});

test("after all of it the journal has no gap and no fork", async () => {
  const positions = (await held.current.sql("SELECT position FROM journal ORDER BY position")).map((row) => row.position);
  assert.deepEqual(positions, positions.map((_, index) => index));
  const streams = await held.current.sql("SELECT stream, COUNT(*) AS n, MAX(seq) AS top FROM journal GROUP BY stream");
  for (const { stream, n, top } of streams) assert.equal(n, top, stream);
});
