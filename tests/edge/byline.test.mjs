// The byline property: any editor can write it and a copied page carries it along. It is healed, and that is journalled.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { AUTHOR, BYLINE_PROPERTY, JONAS, POLICY_PAGE, VIEWER } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const FORGED = { title: "Approved: version 1", tooltip: "Trust me." };
const alterations = async (page = POLICY_PAGE) =>
  (await held.current.journal(`page-facts/${page}`)).filter((row) => row.kind === "byline-altered");
before(async () => {
  await held.current.as(JONAS).enrol();
  (await held.current.as(AUTHOR).submit()).good();
});

test("a forged byline changes no status and no decision", async () => {
  const site = held.current;
  await site.sandbox.forgeProperty(POLICY_PAGE, BYLINE_PROPERTY, FORGED);
  assert.equal((await site.as(VIEWER).status()).good().status.approved, null);
});

test("somebody looking closely heals it, and the journal says it was altered", async () => {
  const site = held.current;
  await site.sandbox.forgeProperty(POLICY_PAGE, BYLINE_PROPERTY, FORGED);
  assert.equal((await site.as(VIEWER).confirm()).good().status.state.name, "In Review");
  await site.advance(10_000);
  await site.drain();
  assert.match((await site.byline()).value.title, /In Review/);
  const found = await alterations();
  assert.equal(found.length, 1);
  assert.ok(!JSON.stringify(found[0].entry).includes("Trust me."), "what was found is erasable");
  const text = found[0].entry.event.found.text;
  const [row] = await site.sql("SELECT body FROM text WHERE id = ?", text);
  assert.ok(row.body.includes("Trust me."));
});

test("our own change of it is no alteration", async () => {
  const site = held.current;
  const before = (await alterations()).length;
  (await site.as(JONAS).approve()).good();
  await site.drain();
  assert.match((await site.byline()).value.title, /Approved/);
  assert.equal((await alterations()).length, before);
});

test("the hourly schedule heals it, too", async () => {
  const site = held.current;
  const before = (await alterations()).length;
  await site.sandbox.forgeProperty(POLICY_PAGE, BYLINE_PROPERTY, { title: "Approved: version 99" });
  await site.advance(3600_000);
  (await site.hourly()).good();
  await site.advance(10_000);
  await site.drain();
  assert.match((await site.byline()).value.title, /Approved: version 1\b/);
  assert.equal((await alterations()).length, before + 1);
});

test("a copied page does not keep the approved byline", async () => {
  const site = held.current;
  const copy = await site.sandbox.copy(POLICY_PAGE);
  assert.match((await site.byline(copy)).value.title, /Approved/, "Confluence copies properties");
  await site.deliver();
  await site.advance(10_000);
  await site.drain();
  assert.match((await site.byline(copy)).value.title, /Draft/);
  assert.equal((await site.as(VIEWER).on(copy).confirm()).good().status.approved, null);
  assert.match((await site.byline()).value.title, /Approved/, "the original keeps its own");
});

test("a write that loses a race reads again", async () => {
  const site = held.current;
  await site.sandbox.fault({ method: "PUT", path: `/wiki/api/v2/pages/${POLICY_PAGE}/properties`, times: 1, kind: "status", status: 409 });
  await site.edit(POLICY_PAGE);
  await site.advance(10_000);
  await site.drain();
  assert.match((await site.byline()).value.title, /Draft/);
  assert.match((await site.byline()).value.title, /changed since/i);
});
