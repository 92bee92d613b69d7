// The Worker is deployed again over the same data: with a new key in front, and with other workflow parameters.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { ADMIN, AUTHOR, JONAS, PRIYA, VIEWER } from "../support/identities.mjs";
import { startSite } from "../support/site.mjs";

const persist = mkdtempSync(path.join(tmpdir(), "countersign-redeployed-"));
const newKey = `k2:${randomBytes(32).toString("base64")}`;
let site, oldKey, pages, challenge;

before(async () => {
  site = await startSite({ persist });
  oldKey = site.bindings.COUNTERSIGN_KEYS;
  await site.as(JONAS).enrol();
  pages = [await site.newPage({ title: "One" }), await site.newPage({ title: "Two" })];
  for (const page of pages) (await site.as(AUTHOR).on(page).submit()).good();
  challenge = (await site.as(JONAS).on(pages[0]).challenge()).good();
});
after(async () => {
  await site?.stop();
  rmSync(persist, { recursive: true, force: true });
});

async function redeploy(change) {
  await site.worker.stop();
  Object.assign(site.bindings, change);
  await site.boot();
}

test("with a new key in front, challenges and authenticators of the old one still count", async () => {
  await redeploy({ COUNTERSIGN_KEYS: `${newKey},${oldKey}` });
  const jonas = site.as(JONAS).on(pages[0]);
  (await jonas.decide(challenge, { code: await jonas.code() })).good();
});

test("what is made now is made with the new key", async () => {
  challenge = (await site.as(JONAS).on(pages[1]).challenge()).good();
  assert.ok(Buffer.from(challenge.challenge, "base64url").includes("k2"));
  await site.as(PRIYA).enrol();
  const [{ secret }] = await site.sql("SELECT secret FROM factor WHERE person = ?", PRIYA.account);
  assert.ok(Buffer.from(secret, "base64url").includes("k2"), "the key's id stands beside what it sealed");
});

test("once the new key is gone, its challenges are nothing, and what it sealed is a fault that tells nothing", async () => {
  await redeploy({ COUNTERSIGN_KEYS: oldKey });
  const jonas = site.as(JONAS).on(pages[1]);
  (await jonas.decide(challenge, { code: await jonas.code() })).refused(422, "challenge-invalid");
  await site.install();
  const priya = site.as(PRIYA).on(pages[1]);
  const own = (await priya.challenge()).good();
  const answer = await priya.decide(own, { code: await priya.code() });
  assert.equal(answer.status, 500);
  assert.ok(!answer.text.includes("k2"));
});

test("other parameters are a new version of the workflow, for pages that start from now on", async () => {
  // What was encrypted anew meanwhile needs the new key: it is put back, as the log asks.
  await redeploy({ COUNTERSIGN_KEYS: `${newKey},${oldKey}` });
  await redeploy({ WORKFLOW_PARAMETERS: '{"approvers":"countersign-approvers","minimum":2}' });
  await site.hourly();
  const view = (await site.as(ADMIN).from("approval-settings").call("/api/settings/overview")).good();
  assert.equal(view.workflow.version, 2);
  const old = (await site.as(VIEWER).on(pages[1]).confirm()).good().status;
  assert.equal(old.workflow.version, 1);
  assert.equal(old.review.approvals[0].required, 1);
  const fresh = await site.newPage({ title: "Three" });
  (await site.as(AUTHOR).on(fresh).submit()).good();
  const { status } = (await site.as(VIEWER).on(fresh).confirm()).good();
  assert.equal(status.workflow.version, 2);
  assert.equal(status.review.approvals[0].required, 2);
  (await site.as(JONAS).on(fresh).approve()).good();
  assert.equal((await site.as(VIEWER).on(fresh).confirm()).good().status.state.name, "In Review");
  (await site.as(JONAS).on(pages[1]).approve()).good();
  assert.equal((await site.as(VIEWER).on(pages[1]).confirm()).good().status.state.name, "Approved");
});

test("parameters that do not fit are a fault of ours, and the setting's content is told to nobody", async () => {
  await redeploy({ WORKFLOW_PARAMETERS: '{"minimum":"lots"}' });
  const answer = await site.as(ADMIN).from("approval-settings").call("/api/settings/overview");
  assert.equal(answer.status, 500);
  assert.ok(!answer.text.includes("lots"));
  assert.equal((await site.as(VIEWER).on(pages[1]).status()).good().status.state.name, "Approved");
});
