// Product events come late, twice, in another order, or not at all. What is true is Confluence's version, not the event's.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { AUTHOR, JONAS, LUNCH_PAGE, VIEWER } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
before(() => held.current.as(JONAS).enrol());

/** A fresh page, approved at version 1. */
async function approvedPage() {
  const site = held.current;
  const page = await site.newPage({ title: "Policy" });
  (await site.as(AUTHOR).on(page).submit()).good();
  (await site.as(JONAS).on(page).approve()).good();
  await site.drain();
  return page;
}
const seen = async (page) => (await held.current.as(VIEWER).on(page).confirm()).good().status;
const kinds = async (page) => (await held.current.journal(`page/${page}`)).map((row) => row.kind);

test("a page that gets the macro comes under the workflow, one without does not", async () => {
  const site = held.current;
  const page = await site.newPage({ title: "New" });
  assert.deepEqual(await kinds(page), ["workflow-started"]);
  await site.sandbox.edit(LUNCH_PAGE, { text: "<p>Soup.</p>", keepMacro: false });
  await site.deliver();
  assert.deepEqual(await kinds(LUNCH_PAGE), []);
  await site.sandbox.edit(LUNCH_PAGE, { text: "<p>Soup, approved.</p>" });
  await site.deliver();
  assert.equal((await kinds(LUNCH_PAGE))[0], "workflow-started");
});

test("while events are held back, the copy says “version 1 approved” and nobody can sign the old version", async () => {
  const site = held.current;
  const page = await approvedPage();
  await site.sandbox.edit(page);
  const copy = (await site.as(VIEWER).on(page).status()).good();
  assert.equal(copy.status.approved.version, 1);
  assert.equal(await site.sandbox.version(page), 2);
  (await site.as(AUTHOR).on(page).submit({ version: 1 })).refused(409, "page-moved");
  await site.deliver();
  const now = await seen(page);
  assert.equal(now.latest_version, 2);
  assert.equal(now.changed_since_approval, true);
  assert.equal(now.state.name, "Draft");
});

test("an event delivered twice is recorded once", async () => {
  const site = held.current;
  const page = await approvedPage();
  await site.sandbox.edit(page);
  const [event] = await site.sandbox.events();
  for (let times = 0; times < 3; times += 1) (await site.event(event)).good();
  assert.equal((await kinds(page)).filter((kind) => kind === "edited").length, 1);
});

test("events in the wrong order never lower the version", async () => {
  const site = held.current;
  const page = await approvedPage();
  for (let times = 0; times < 3; times += 1) await site.sandbox.edit(page);
  for (const event of (await site.sandbox.events()).reverse()) (await site.event(event)).good();
  const now = await seen(page);
  assert.equal(now.latest_version, 4);
  assert.equal(now.state.name, "Draft");
  const versions = (await site.journal(`page/${page}`)).filter((row) => row.kind === "edited").map((row) => row.entry.event.version);
  assert.deepEqual(versions, versions.toSorted((a, b) => a - b));
});

test("both shapes of an event's body are read", async () => {
  const site = held.current;
  const page = await approvedPage();
  await site.sandbox.edit(page);
  const [event] = await site.sandbox.events();
  (await site.event({ payload: { ...event, retryContext: { retryCount: 1, retryReason: "TIMEOUT_ERROR" } } })).good();
  assert.equal((await seen(page)).latest_version, 2);
});

test("an event that claims a version Confluence does not have changes nothing", async () => {
  const site = held.current;
  const page = await approvedPage();
  await site.sandbox.edit(page);
  const [event] = await site.sandbox.events();
  event.content.version.number = 77;
  await site.event(event);
  assert.ok((await seen(page)).latest_version <= 2);
});

test("an attachment added or changed is an edit, though the version stays", async () => {
  const site = held.current;
  const page = await approvedPage();
  await site.sandbox.attach(page, "rules.pdf", "first");
  await site.deliver();
  let now = await seen(page);
  assert.equal(now.changed_since_approval, true);
  assert.equal(now.state.name, "Draft");
  (await site.as(AUTHOR).on(page).submit()).good();
  await site.sandbox.attach(page, "rules.pdf", "second");
  await site.deliver();
  now = await seen(page);
  assert.equal(now.review, null);
});

test("an edit while in review ends the review", async () => {
  const site = held.current;
  const page = await approvedPage();
  await site.edit(page);
  (await site.as(AUTHOR).on(page).submit()).good();
  await site.edit(page);
  const now = await seen(page);
  assert.equal(now.state.name, "Draft");
  assert.equal(now.review, null);
  assert.equal(now.approved.version, 1);
});

test("the app's own writes are no edits", async () => {
  const page = await approvedPage();
  const before = await kinds(page);
  await held.current.deliver();
  await held.current.advance(3600_000);
  (await held.current.hourly()).good();
  await held.current.drain();
  assert.deepEqual(await kinds(page), before);
});

test("an event never delivered is made up for when the page is submitted, or by the schedule", async () => {
  const site = held.current;
  const page = await approvedPage();
  await site.sandbox.edit(page);
  await site.sandbox.events();
  const early = await site.as(AUTHOR).on(page).submit();
  if (early.status !== 200) early.refused(409, "wrong-state");
  await site.advance(3600_000);
  (await site.hourly()).good();
  await site.advance(10_000);
  await site.drain();
  assert.equal((await seen(page)).latest_version, 2);
});
