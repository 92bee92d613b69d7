// The space page: pages under a workflow that the person may see, those waiting for them first.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { AUTHOR, JONAS, LUNCH_PAGE, POLICY_PAGE, PROCEDURE_PAGE, VIEWER } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const overview = async (who) => (await held.current.as(who).from("approval-space").call("/api/space/overview")).good();
before(async () => {
  await held.current.as(JONAS).enrol();
  (await held.current.as(AUTHOR).on(PROCEDURE_PAGE).submit()).good();
  (await held.current.as(JONAS).on(PROCEDURE_PAGE).approve()).good();
  (await held.current.as(AUTHOR).submit()).good();
});

test("pages are listed with their state, and those that wait for one come first", async () => {
  const { pages, cut } = await overview(JONAS);
  assert.equal(cut, false);
  assert.deepEqual(pages.map((page) => page.page), [POLICY_PAGE, PROCEDURE_PAGE]);
  assert.deepEqual(pages.map((page) => page.waits_for_me), [true, false]);
  assert.deepEqual(pages.map((page) => page.state.name), ["In Review", "Approved"]);
  assert.equal(pages[1].approved_version, 1);
  assert.equal(pages[1].changed_since_approval, false);
});

test("nothing waits for those not asked, nor for the author", async () => {
  for (const who of [VIEWER, AUTHOR]) {
    assert.ok((await overview(who)).pages.every((page) => !page.waits_for_me), who.name);
  }
});

test("a page without the macro is not listed", async () => {
  assert.ok((await overview(JONAS)).pages.every((page) => page.page !== LUNCH_PAGE));
});

test("a page one may not see is hidden, and the titles are Confluence's now", async () => {
  const site = held.current;
  await site.sandbox.restrict(PROCEDURE_PAGE, { accounts: [AUTHOR.account], groups: [] });
  assert.deepEqual((await overview(VIEWER)).pages.map((page) => page.page), [POLICY_PAGE]);
  assert.equal((await overview(AUTHOR)).pages.length, 2);
  await site.sandbox.restrict(PROCEDURE_PAGE, {});
  await site.edit(PROCEDURE_PAGE, { title: "Access Control, revised" });
  const found = (await overview(VIEWER)).pages.find((page) => page.page === PROCEDURE_PAGE);
  assert.equal(found.title, "Access Control, revised");
  assert.equal(found.changed_since_approval, true);
  assert.equal(found.state.name, "Draft");
});

test("another space's page shows nothing of this one", async () => {
  const elsewhere = held.current.as(JONAS, { space: { id: "70000", key: "OTHER" } }).from("approval-space");
  assert.deepEqual((await elsewhere.call("/api/space/overview")).good().pages, []);
});
