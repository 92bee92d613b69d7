// Guests bring no token of their own: the Worker asks Confluence as the app, and lets them do what they may and no more.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ADMIN, AUTHOR, GUEST, POLICY_PAGE, PROCEDURE_PAGE, REVIEWERS } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
before(async () => (await held.current.as(AUTHOR).submit()).good());

test("a guest sees the status, and the page's version as the app learned it", async () => {
  const guest = held.current.as(GUEST);
  const seen = (await guest.status()).good();
  assert.equal(seen.viewer, "guest");
  assert.equal(seen.status.state.name, "In Review");
  const confirmed = (await guest.confirm()).good();
  assert.deepEqual(confirmed.page_version, { is: "known", version: 1 });
  assert.deepEqual(confirmed.status, seen.status);
});

test("a guest whom nobody asked can neither submit nor decide", async () => {
  const guest = held.current.as(GUEST);
  const offers = (await guest.actions()).good();
  assert.deepEqual([offers.submit.is, offers.decide.is], ["closed", "closed"]);
  (await guest.challenge()).refused(403, "not-reviewer");
  (await guest.on(PROCEDURE_PAGE).submit()).refused(403, "not-allowed");
  (await guest.from("approval-settings").call("/api/settings/overview")).refused(403, "not-allowed");
});

test("a token of somebody else's gives a guest nothing", async () => {
  const headers = { "x-forge-oauth-user": await held.current.sandbox.userToken(ADMIN.account) };
  const guest = held.current.as(GUEST);
  (await guest.from("approval-settings").call("/api/settings/overview", {}, { headers })).refused(403, "not-allowed");
  (await guest.on(PROCEDURE_PAGE).call("/api/submit", { page_version: 1 }, { headers })).refused(403, "not-allowed");
});

test("a licensed person whose token is missing gets no more than none", async () => {
  const author = held.current.as(AUTHOR).on(PROCEDURE_PAGE);
  const { "x-forge-oauth-user": _, ...headers } = await author.headers();
  const answer = await held.current.worker.fetch("/api/submit", { method: "POST", headers, body: '{"page_version":1}' });
  assert.equal(answer.status, 503);
  assert.equal((await answer.json()).kind, "confluence-unavailable");
});

test("a page hidden from a guest is not found, and its version not told", async () => {
  const site = held.current;
  await site.sandbox.restrict(POLICY_PAGE, { accounts: [AUTHOR.account], groups: [REVIEWERS] });
  await site.advance(61_000);
  const { page_version: version } = (await site.as(GUEST).confirm()).good();
  assert.equal(version.is, "unknown");
  assert.ok(version.reason.length > 10);
  (await site.as(GUEST).challenge("approve", { version: 1 })).refused(404, "page-not-found");
  await site.sandbox.restrict(POLICY_PAGE, {});
  await site.advance(61_000);
});

test("where the app may not ask for a guest's rights, the guest has none, and it is said", async () => {
  const site = held.current;
  await site.sandbox.fault({ method: "POST", path: `/wiki/rest/api/content/${POLICY_PAGE}/permission`, kind: "status", status: 403 });
  await site.advance(61_000);
  assert.equal((await site.as(GUEST).confirm()).good().page_version.is, "unknown");
  (await site.as(GUEST).challenge("approve", { version: 1 })).refused(503, "confluence-unavailable");
  await site.sandbox.clearFaults();
  await site.advance(61_000);
});

test("a guest who is asked enrols, signs, and is named", async () => {
  const site = held.current;
  await site.sandbox.putGroup({ id: REVIEWERS, name: "Policy approvers", members: [GUEST.account] });
  await site.advance(61_000);
  const guest = site.as(GUEST);
  assert.equal((await guest.actions()).good().decide.is, "open");
  await guest.enrol();
  const { status } = (await guest.approve("Seen from outside.")).good();
  assert.equal(status.state.name, "Approved");
  assert.equal(status.approved.signatures[0].name, GUEST.name);
});
