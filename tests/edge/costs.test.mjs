// What requests cost: a viewer one KV read, a challenge one D1 round trip, a decision two.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { AUTHOR, JONAS, POLICY_PAGE, VIEWER } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
before(async () => {
  await held.current.as(JONAS).enrol();
  (await held.current.as(AUTHOR).submit()).good();
});

const writesJournal = (call) => call.sql.some((text) => /INSERT INTO journal/i.test(text));

test("a status is one KV read and no D1 at all", async () => {
  const answer = await held.current.as(VIEWER).status();
  assert.equal(answer.good().source, "copy");
  assert.equal(answer.used.filter((call) => call.kv).length, 1);
  assert.equal(answer.kv("get").length + answer.kv("getWithMetadata").length, 1);
  assert.equal(answer.used.filter((call) => call.d1).length, 0);
});

test("a viewer's requests never write to KV", async () => {
  const viewer = held.current.as(VIEWER);
  for (const answer of [await viewer.status(), await viewer.confirm(), await viewer.actions()]) {
    assert.equal(answer.good() && answer.used.filter((call) => call.kv === "put" || call.kv === "delete").length, 0);
  }
});

test("a challenge is one D1 round trip and no KV", async () => {
  const answer = await held.current.as(JONAS).challenge("approve");
  answer.good();
  assert.equal(answer.roundTrips.length, 1, JSON.stringify(answer.roundTrips));
  assert.equal(answer.used.filter((call) => call.d1).length, 1, "a part of it is put off");
  assert.ok(!answer.roundTrips[0].sql.some((text) => /^(INSERT|UPDATE|DELETE)/i.test(text)), "asking writes nothing");
  assert.equal(answer.used.filter((call) => call.kv).length, 0);
});

test("a decision is two D1 round trips: count and load, then one batch that writes everything", async () => {
  const site = held.current;
  const jonas = site.as(JONAS);
  const challenge = (await jonas.challenge("approve")).good();
  const answer = await jonas.decide(challenge, { code: await jonas.code() });
  answer.good();
  assert.equal(answer.roundTrips.length, 2, JSON.stringify(answer.roundTrips.map((call) => call.sql.length)));
  assert.deepEqual(answer.roundTrips.map(writesJournal), [false, true]);
  // What goes on after the answer begins with timers and outbox: nothing of the decision itself is put off, to look like fewer.
  const [later] = answer.used.filter((call) => call.d1 && call.background);
  assert.ok(later === undefined || later.sql.some((text) => /outbox|timer/i.test(text)), JSON.stringify(later));
  assert.ok(answer.used.filter((call) => call.background).every((call) => !writesJournal(call) || call.sql.some((text) => /outbox/i.test(text))));
  assert.equal(answer.used.filter((call) => call.kv && !call.background).length, 0, "no decision looks at the copy");
  const [commit] = answer.roundTrips.slice(-1);
  for (const table of ["journal", "snapshot", "consumed", "factor", "guess", "outbox", "dashboard"]) {
    assert.ok(commit.sql.some((text) => new RegExp(`(INTO|UPDATE) ${table}\\b`, "i").test(text)), `${table} is not in the batch`);
  }
});

test("no round trip is more than forty statements", async () => {
  const site = held.current;
  await site.edit(POLICY_PAGE);
  const answers = [await site.as(AUTHOR).submit(), await site.as(JONAS).challenge("reject"), await site.as(VIEWER).confirm()];
  for (const answer of answers) {
    answer.good();
    const statements = answer.used.filter((call) => call.d1).reduce((sum, call) => sum + call.sql.length, 0);
    assert.ok(statements <= 40, `${statements} statements`);
  }
});
