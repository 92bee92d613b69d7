// A genuine token on a route it is not for is 403: path, body and headers are the browser's to choose, the token is not.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { ADMIN, JONAS, SITE, VIEWER } from "../support/identities.mjs";
import { ROOT } from "../support/place.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile({ installed: false });

const PAGE_ROUTES = ["status", "confirm", "actions", "submit", "challenge", "decision", "select", "reassign", "invite", "invite/attachments", "invite/revoke", "passkey/sign"].map((name) => `/api/${name}`);
const OWN_ROUTES = ["/api/me", "/api/why", "/api/me/absence", "/api/me/digest", "/api/confirm/mail", "/api/factors",
  ...["rename", "renew", "remove", "recovery-codes", "end-sessions", "not-me"].map((name) => `/api/factors/${name}`)];
const ENROLMENT_ROUTES = ["/api/enrolment/begin", "/api/enrolment/mail-code", "/api/enrolment/confirm",
  ...["make", "made", "prove", "proved"].map((name) => `/api/passkey/${name}`)];
const SETTINGS_ROUTES = [
  ...["overview", "keys", "retry", "check-workflow", "policy", "policy/check", "policy/set", "policy/what-if"],
  ...["insights", "insights/person", "insights/remind", "insights/revoke", "insights/life", "insights/unlock"],
  ...["emergency", "emergency/ask", "emergency/withdraw", "emergency/carry-out"],
  ...["workflows", "workflow", "workflow/check", "workflow/define", "workflow/standing", "workflow/template", "workflow/import"],
  ...["assignments", "assign", "what-if", "job/preview", "job/begin", "job", "job/cancel", "jobs"],
].map((name) => `/api/settings/${name}`).concat(["/api/invited", "/api/invited/erase"]);
const SPACE_ROUTES = ["overview", "assignments", "assign", "values"].map((name) => `/api/space/${name}`).concat(["/api/bulk/challenge", "/api/bulk/decision"]);
const PERSON_ROUTES = [...PAGE_ROUTES, ...OWN_ROUTES, ...ENROLMENT_ROUTES, ...SETTINGS_ROUTES, ...SPACE_ROUTES];
const PLATFORM_ROUTES = ["/forge/events", "/forge/schedule", "/forge/lifecycle"];

test("every route a person's token opens is listed here", async () => {
  const source = await readFile(path.join(ROOT, "engine/src/wire/route.rs"), "utf8");
  const known = [...source.matchAll(/"(\/api\/[^"]+)"/g)].map(([, route]) => route).filter((route) => !route.startsWith("/api/hosted/"));
  assert.deepEqual(known.sort(), [...PERSON_ROUTES].sort());
});

for (const route of PLATFORM_ROUTES) {
  test(`no person's token opens ${route}`, async () => {
    for (const module of ["approval-macro", "approval-byline", "approval-settings", "approval-space"]) {
      (await held.current.as(ADMIN).from(module).call(route)).refused(403, "wrong-route");
    }
  });

  test(`a token with only half of what makes a person's does not open ${route}`, async () => {
    const { principal, context, ...bare } = held.current.as(ADMIN).claims();
    const platform = { ...bare, app: { ...bare.app, module: { type: "core:endpoint", key: "edge-events" } } };
    for (const claims of [{ ...platform, principal }, { ...platform, context }, bare]) {
      (await held.current.platform(route, {}, { claims })).refused(403, "wrong-route");
    }
  });
}

for (const route of PERSON_ROUTES) {
  test(`the platform's token does not open ${route}`, async () => {
    for (const endpoint of ["edge-events", "edge-schedule", "edge-lifecycle"]) {
      (await held.current.platform(route, {}, { endpoint })).refused(403, "wrong-route");
    }
  });
}

test("each module opens its own routes only", async () => {
  const opens = {
    "approval-macro": [...PAGE_ROUTES, ...OWN_ROUTES, ...ENROLMENT_ROUTES],
    "approval-byline": [...PAGE_ROUTES, ...OWN_ROUTES, ...ENROLMENT_ROUTES],
    "approval-settings": [...SETTINGS_ROUTES, ...OWN_ROUTES, ...ENROLMENT_ROUTES],
    "approval-space": [...SPACE_ROUTES, ...OWN_ROUTES, ...ENROLMENT_ROUTES],
  };
  for (const [module, allowed] of Object.entries(opens)) {
    for (const route of PERSON_ROUTES) {
      const answer = await held.current.as(ADMIN).from(module).call(route, {}, { settle: false });
      const shut = answer.status === 403 && answer.body.kind === "wrong-route";
      assert.equal(shut, !allowed.includes(route), `${module} on ${route}: ${answer.text}`);
    }
  }
});

test("a module that is none of ours opens nothing", async () => {
  const person = held.current.as(JONAS);
  for (const key of ["approval-action", "edge", "edge-events", ""]) {
    const claims = person.claims();
    claims.app.module.key = key;
    claims.context.moduleKey = key;
    (await person.call("/api/status", {}, { claims })).refused(403, "wrong-route");
  }
});

test("whoever is not logged in is not let in", async () => {
  const nobody = { ...VIEWER, account: "unidentified", accountType: "anonymous" };
  (await held.current.as(nobody).call("/api/status")).refused(403, "not-allowed");
});

test("the app's token is stored from platform calls only", async () => {
  const site = held.current;
  const planted = { headers: { "x-forge-oauth-system": "eyJhbGciOiJvcGFxdWUifQ.eyJleHAiOjQxMDI0NDQ4MDB9.planted" } };
  for (const route of PERSON_ROUTES) await site.as(ADMIN).call(route, {}, planted);
  await site.as(ADMIN).from("approval-settings").call("/api/settings/overview", {}, planted);
  for (const route of PLATFORM_ROUTES) await site.as(ADMIN).call(route, {}, planted);
  await site.worker.scheduled();
  const stored = "SELECT app_token_sealed AS token FROM installation WHERE site = ?";
  assert.ok(!(await site.sql(stored, SITE.key)).some((row) => row.token !== null));
  await site.install();
  const [{ token }] = await site.sql(stored, SITE.key);
  assert.ok(token, "the platform's own call brings it");
  for (const route of PERSON_ROUTES) await site.as(ADMIN).call(route, {}, planted);
  assert.equal((await site.sql(stored, SITE.key))[0].token, token);
  assert.ok(!token.includes("planted") && !token.includes("opaque"), "and it is encrypted");
});

test("a person's token is never kept", async () => {
  const site = held.current;
  const token = await site.sandbox.userToken(ADMIN.account, SITE.cloudId);
  const tables = await site.sql("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'");
  for (const { name } of tables) {
    const rows = JSON.stringify(await site.sql(`SELECT * FROM "${name}"`));
    assert.ok(!rows.includes(token), `${name} holds a person's token`);
  }
});
