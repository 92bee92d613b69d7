// The app's token is missing, runs out or is refused: effects wait, admins are told, and the next one sets all going.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ADMIN, AUTHOR, POLICY_PAGE, SITE } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile({ renew: false });
const HOUR = 3600_000;
const installation = async () =>
  (await held.current.as(ADMIN).from("approval-settings").call("/api/settings/overview")).good().installation;
const bylineOpen = async () =>
  (await held.current.outbox()).some((row) => row.state === "open" && JSON.parse(row.effect).effect === "byline");

test("with a good token everything is carried out", async () => {
  const site = held.current;
  (await site.as(AUTHOR).submit()).good();
  assert.match((await site.byline()).value.title, /In Review/);
  const told = await installation();
  assert.equal(told.unreachable, false);
  assert.ok(told.token_until > site.now());
});

test("once it has run out effects wait, without being counted as tries", async () => {
  const site = held.current;
  await site.sandbox.edit(POLICY_PAGE);
  const [event] = await site.sandbox.events();
  (await site.event(event)).good();
  await site.drain();
  await site.advance(3 * HOUR + 60_000);
  await site.sandbox.forgeProperty(POLICY_PAGE, "countersign-byline", { title: "Approved" });
  (await site.as(AUTHOR).confirm()).good();
  for (let round = 0; round < 12; round += 1) {
    await site.advance(10 * 60_000);
    await site.worker.scheduled();
  }
  assert.equal((await site.byline()).value.title, "Approved");
  assert.deepEqual((await site.outbox()).filter((row) => row.state === "failed"), []);
});

test("after three hours without one admins see “unreachable”", async () => {
  await held.current.advance(3 * HOUR);
  const told = await installation();
  assert.equal(told.unreachable, true);
});

test("people are told plainly what cannot be done meanwhile", async () => {
  const problem = (await held.current.as(AUTHOR).submit()).refused(503, "confluence-unavailable");
  assert.match(problem.detail, /admin|again/i);
});

test("the next platform call brings one, and what waited is carried out", async () => {
  const site = held.current;
  (await site.hourly({ token: await site.sandbox.appToken(SITE.cloudId, 12 * 3600) })).good();
  await site.advance(70_000);
  await site.drain();
  assert.match((await site.byline()).value.title, /Draft/);
  assert.equal((await installation()).unreachable, false);
  (await site.as(AUTHOR).submit()).good();
});

test("a token that ends earlier does not replace one that lasts longer", async () => {
  const site = held.current;
  const before = (await installation()).token_until;
  (await site.hourly({ token: await site.sandbox.appToken(SITE.cloudId, 4 * 3600) })).good();
  assert.equal((await installation()).token_until, before);
});

test("a call without a token forgets none", async () => {
  const site = held.current;
  const before = (await installation()).token_until;
  (await site.hourly({ token: null })).good();
  assert.equal((await installation()).token_until, before);
});

test("a token nobody can read an end from is kept for a while, or not at all, and breaks nothing", async () => {
  const site = held.current;
  for (const token of ["opaque", "a.b.c", "x".repeat(9000), "é"]) {
    const answer = await site.hourly({ token: encodeURIComponent(token) });
    assert.ok(answer.status < 500, answer.text);
  }
  (await site.hourly({ token: await site.sandbox.appToken(SITE.cloudId, 20 * 3600) })).good();
});
