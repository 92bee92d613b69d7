// What a transition causes outside: the KV copy, the byline, mail. At least once, in order, and mail not twice.
import assert from "node:assert/strict";
import { test } from "node:test";
import { AUTHOR, JONAS, POLICY_PAGE, PROCEDURE_PAGE, SITE, VIEWER } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const KEY = `status/${SITE.key}/${POLICY_PAGE}`;

test("after the answer the copy and the byline are there, without waiting for the clock", async () => {
  const site = held.current;
  (await site.as(AUTHOR).submit()).good();
  const copy = JSON.parse(await site.worker.kv.get(KEY));
  assert.equal(copy.fold.state.name, "In Review");
  const { value } = await site.byline();
  assert.match(value.title, /In Review/);
  assert.match(value.tooltip, /./);
  const page = (row) => row.lane === `page/${POLICY_PAGE}`;
  assert.deepEqual((await site.outbox()).filter((row) => page(row) && row.state === "open"), []);
});

test("no name stands in the byline, where an erasure could not reach it", async () => {
  const { value } = await held.current.byline();
  assert.ok(!JSON.stringify(value).includes(AUTHOR.name));
});

test("if the work after the answer is lost, the clock does it", async () => {
  const site = held.current;
  await site.worker.arm({ binding: "STATUS", match: "put", when: "before", times: 100 });
  (await site.as(AUTHOR).on(PROCEDURE_PAGE).submit()).good();
  const key = KEY.replace(POLICY_PAGE, PROCEDURE_PAGE);
  assert.equal(await site.worker.kv.get(key), null);
  await site.worker.disarm();
  await site.advance(10_000);
  await site.drain();
  assert.equal(JSON.parse(await site.worker.kv.get(key)).fold.state.name, "In Review");
  assert.match((await site.byline(PROCEDURE_PAGE)).value.title, /In Review/);
});

test("a mail whose answer was lost is not sent twice", async () => {
  const site = held.current;
  await site.sandbox.fault({ method: "POST", path: "/mail/emails", times: 2, kind: "lost" });
  (await site.as(JONAS).beginEnrolment()).good();
  for (let round = 0; round < 4; round += 1) {
    await site.advance(200_000);
    await site.drain();
  }
  assert.equal((await site.mailsTo(JONAS)).filter((mail) => mail.subject === "Your Countersign code").length, 1);
});

test("carried-out effects are facts in a stream of their own, apart from decisions", async () => {
  const site = held.current;
  const facts = await site.journal(`page-facts/${POLICY_PAGE}`);
  assert.ok(facts.some((row) => row.kind === "effect-done" && row.entry.event.effect === "byline"));
  const decisions = await site.journal();
  assert.deepEqual(decisions.map((row) => row.seq), decisions.map((_, index) => index + 1));
});

test("two runners at once carry out each row once", async () => {
  const site = held.current;
  await site.worker.arm({ binding: "STATUS", match: "put", when: "before", times: 1 });
  await site.edit(POLICY_PAGE);
  await site.advance(10_000);
  await site.sandbox.forgetCalls();
  await Promise.all([site.worker.scheduled(), site.worker.scheduled(), site.worker.scheduled()]);
  await site.drain();
  const writes = (await site.sandbox.calls()).filter((call) => call.method !== "GET" && call.path.includes("/properties"));
  assert.ok(writes.length <= 1, JSON.stringify(writes.map((call) => call.path)));
  assert.equal((await site.as(VIEWER).status()).good().status.latest_version, 2);
});

test("a clock's run stays within forty statements and forty calls", async () => {
  const site = held.current;
  await site.worker.arm({ binding: "STATUS", match: "put", when: "before", times: 1000 });
  for (let count = 0; count < 12; count += 1) {
    const page = await site.sandbox.createPage({ title: `Page ${count}` });
    (await site.as(AUTHOR).on(page).submit()).good();
  }
  await site.worker.disarm();
  await site.advance(3600_000);
  await site.sandbox.forgetCalls();
  const { used } = await site.worker.scheduled();
  const statements = used.filter((call) => call.d1).reduce((sum, call) => sum + call.sql.length, 0);
  const calls = used.length + (await site.sandbox.calls()).length;
  assert.ok(statements > 0 && statements <= 40, `${statements} statements`);
  assert.ok(calls <= 40, `${calls} calls`);
  await site.drain({ rounds: 60 });
  assert.deepEqual((await site.outbox()).filter((row) => row.state !== "done"), []);
});
