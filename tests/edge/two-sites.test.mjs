// Nothing of one site is reachable from another, though pages and people have the same ids on both.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ADMIN, AUTHOR, JONAS, OTHER_SITE, POLICY_PAGE, SITE, VIEWER } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const there = (who) => held.current.as(who).at(OTHER_SITE);
let challenge;
before(async () => {
  const site = held.current;
  await site.install(OTHER_SITE);
  await site.as(JONAS).enrol();
  (await site.as(AUTHOR).submit({ comment: "Secret of site one." })).good();
  challenge = (await site.as(JONAS).challenge()).good();
  (await site.as(JONAS).approve()).good();
});

test("the same page elsewhere is untouched", async () => {
  for (const answer of [await there(VIEWER).status(), await there(VIEWER).confirm()]) {
    assert.equal(answer.good().status.seq, 0);
    assert.equal(answer.body.status.approved, null);
    assert.ok(!answer.text.includes("Secret of site one."));
  }
});

test("an authenticator of one site is none on the other", async () => {
  (await there(AUTHOR).submit()).good();
  assert.equal((await there(JONAS).actions()).good().factor, "missing");
  (await there(JONAS).challenge()).refused(422, "no-factor");
});

test("a challenge of one site is nothing on the other", async () => {
  (await there(JONAS).decide(challenge, { code: await held.current.as(JONAS).code() })).refused(422, "challenge-invalid");
});

test("a token for one site cannot name the other", async () => {
  const claims = there(VIEWER).claims();
  claims.context.cloudId = SITE.cloudId;
  (await there(VIEWER).call("/api/status", {}, { claims })).refused(401, "bad-invocation");
});

test("an admin of one site sees and releases nothing of the other", async () => {
  const site = held.current;
  const attempt = (await site.as(JONAS).challenge("approve").then((answer) => answer.body)) ?? {};
  assert.ok(attempt);
  await site.sql("UPDATE guess SET failures = 50, held = 0 WHERE site = ? AND person = ?", SITE.key, JONAS.account);
  const settings = site.as(ADMIN).at(OTHER_SITE).from("approval-settings");
  const { people } = (await settings.call("/api/settings/insights", { filter: { who: "everybody" } })).good();
  assert.deepEqual(people.filter((person) => person.lock), []);
  const unlock = { account: JONAS.account, reason: "He asked." };
  (await settings.call("/api/settings/insights/unlock", unlock)).refused(404, "not-found");
});

test("the space page lists each site's own", async () => {
  const list = async (at) => (await held.current.as(VIEWER).at(at).from("approval-space").call("/api/space/overview")).good().pages;
  assert.deepEqual((await list(SITE)).map((page) => page.state.name), ["Approved"]);
  assert.deepEqual((await list(OTHER_SITE)).map((page) => page.state.name), ["In Review"]);
});

test("rows and keys of both sites begin with their site, and positions count apart", async () => {
  const site = held.current;
  for (const at of [SITE, OTHER_SITE]) {
    const rows = await site.sql("SELECT position FROM journal WHERE site = ? ORDER BY position", at.key);
    assert.deepEqual(rows.map((row) => row.position), rows.map((_, index) => index));
    assert.ok(rows.length > 2);
    for (const { entry } of await site.sql("SELECT entry FROM journal WHERE site = ?", at.key)) {
      assert.equal(JSON.parse(entry).site, at.key);
    }
  }
  const { keys } = await site.worker.kv.list();
  assert.deepEqual(keys.map((key) => key.name).sort(), [SITE, OTHER_SITE].map((at) => `status/${at.key}/${POLICY_PAGE}`).sort());
});

test("an event of one site changes nothing on the other", async () => {
  const site = held.current;
  await site.sandbox.edit(POLICY_PAGE, { cloudId: OTHER_SITE.cloudId });
  await site.deliver(OTHER_SITE);
  assert.equal((await there(VIEWER).confirm()).good().status.latest_version, 2);
  assert.equal((await site.as(VIEWER).confirm()).good().status.latest_version, 1);
});
