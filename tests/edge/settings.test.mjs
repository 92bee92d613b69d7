// The settings view: the workflow and policy in force, effects that failed with retry, the installation. Admins only.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ADMIN, AUTHOR, JONAS, POLICY_PAGE, PRIYA, VIEWER } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const settings = (who) => held.current.as(who).from("approval-settings");

test("only a Confluence admin sees it, whatever token the browser brings", async () => {
  for (const who of [AUTHOR, JONAS, VIEWER]) {
    (await settings(who).call("/api/settings/overview")).refused(403, "not-allowed");
  }
  // Somebody who was not asked about before: a "no" is remembered for a moment.
  const stolen = { headers: { "x-forge-oauth-user": await held.current.sandbox.userToken(ADMIN.account) } };
  (await settings(PRIYA).call("/api/settings/overview", {}, stolen)).refused(403, "not-allowed");
});

test("it shows the workflow with its parameters filled in, the policy, and that all is well", async () => {
  const view = (await settings(ADMIN).call("/api/settings/overview")).good();
  assert.equal(view.workflow.version, 1);
  assert.deepEqual(view.workflow.definition.states.map((state) => state.name), ["Draft", "In Review", "Approved"]);
  assert.ok(JSON.stringify(view.workflow.definition).includes("countersign-approvers"));
  assert.ok(!JSON.stringify(view.workflow.definition).includes("${"));
  const [rule] = view.policy.rules;
  assert.ok(rule.actions.includes("approve") && rule.actions.includes("reject") && rule.demand.factors.includes("totp"));
  assert.deepEqual(view.failed_effects, []);
  assert.equal(view.installation.unreachable, false);
  assert.ok(view.installation.token_until > held.current.now());
});

test("an effect that fails again and again is shown with a reason, and a retry carries it out", async () => {
  const site = held.current;
  await site.sandbox.fault({ method: "*", path: `/wiki/api/v2/pages/${POLICY_PAGE}/properties`, kind: "status", status: 500 });
  (await site.as(AUTHOR).submit()).good();
  let failed = [];
  for (let hours = 0; hours < 72 && failed.length === 0; hours += 1) {
    await site.advance(3600_000);
    await site.drain();
    failed = (await settings(ADMIN).call("/api/settings/overview")).good().failed_effects;
  }
  assert.equal(failed.length, 1, JSON.stringify(await site.outbox()));
  assert.match(failed[0].what, /byline/i);
  assert.ok(failed[0].why.length > 10 && failed[0].attempts > 1);
  assert.doesNotMatch(failed[0].why, /http:|Bearer|127\.0\.0\.1/);
  assert.equal(await site.byline(), null);

  await site.sandbox.clearFaults();
  const answer = (await settings(ADMIN).call("/api/settings/retry", { effect: failed[0].id })).good();
  assert.equal(answer.queued, true);
  await site.drain();
  assert.ok(JSON.stringify((await site.byline()).value).includes("In Review"));
  assert.deepEqual((await settings(ADMIN).call("/api/settings/overview")).good().failed_effects, []);
  assert.equal((await settings(ADMIN).call("/api/settings/retry", { effect: failed[0].id })).good().queued, false);
});

test("nobody but an admin retries", async () => {
  for (const who of [AUTHOR, VIEWER]) {
    (await settings(who).call("/api/settings/retry", { effect: 1 })).refused(403, "not-allowed");
    (await settings(who).call("/api/settings/check-workflow", { definition: {} })).refused(403, "not-allowed");
  }
});

test("a sound definition is found sound, and nothing is stored", async () => {
  const site = held.current;
  const { workflow } = (await settings(ADMIN).call("/api/settings/overview")).good();
  const before = await site.entries();
  const answer = (await settings(ADMIN).call("/api/settings/check-workflow", { definition: workflow.definition })).good();
  assert.deepEqual(answer.warnings, []);
  assert.equal(await site.entries(), before);
});
