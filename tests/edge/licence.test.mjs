// An inactive licence makes a site read-only, never unreadable.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ADMIN, AUTHOR, JONAS, VIEWER } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
before(async () => {
  await held.current.as(JONAS).enrol();
  (await held.current.as(AUTHOR).submit()).good();
});

/** A call whose token says what the licence is. */
function licensed(person, active) {
  const claims = person.claims();
  claims.app.license = { active, isEvaluation: false, type: "commercial" };
  return { claims };
}

test("everything can still be seen", async () => {
  const viewer = held.current.as(VIEWER);
  assert.equal((await viewer.status(licensed(viewer, false))).good().status.state.name, "In Review");
  assert.equal((await viewer.confirm(licensed(viewer, false))).good().status.state.name, "In Review");
  const settings = held.current.as(ADMIN).from("approval-settings");
  (await settings.call("/api/settings/overview", {}, licensed(settings, false))).good();
});

test("nothing is offered and nothing can be decided", async () => {
  const jonas = held.current.as(JONAS);
  const offers = (await jonas.actions(licensed(jonas, false))).good();
  assert.deepEqual([offers.submit.is, offers.decide.is], ["closed", "closed"]);
  (await jonas.challenge("approve", {}, licensed(jonas, false))).refused(403, "read-only");
  const change = (route, body) => jonas.call(route, body, licensed(jonas, false));
  (await change("/api/select", { to: "draft", page_version: 1, seq: 1 })).refused(403, "read-only");
  (await change("/api/reassign", { approval: "approvers", to: VIEWER.account })).refused(403, "read-only");
  (await change("/api/me/absence", {})).refused(403, "read-only");
  const challenge = (await jonas.challenge()).good();
  const entries = await held.current.entries();
  (await jonas.decide(challenge, { code: await jonas.code() }, licensed(jonas, false))).refused(403, "read-only");
  assert.equal(await held.current.entries(), entries);
});

test("with an active one, or none to speak of, all goes on", async () => {
  const jonas = held.current.as(JONAS);
  const challenge = (await jonas.challenge("approve", {}, licensed(jonas, true))).good();
  (await jonas.decide(challenge, { code: await jonas.code() }, licensed(jonas, true))).good();
});
