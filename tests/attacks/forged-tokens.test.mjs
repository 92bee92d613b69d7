// A forged invocation token is answered with 401, whatever is wrong with it, and nothing else is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Answer } from "../support/answer.mjs";
import { platformClaims } from "../support/claims.mjs";
import { VIEWER } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";
import { CLAIMS, CONTEXT, ENVELOPE } from "./forgeries.mjs";

const held = await siteForFile();

/** What the Worker says to a call with this Authorization header. */
async function said(route, authorization) {
  const site = held.current;
  const headers = { "content-type": "application/json", "x-forge-oauth-system": "planted" };
  if (authorization !== undefined) headers.authorization = authorization;
  return Answer.of(await site.worker.fetch(route, { method: "POST", headers, body: "{}" }));
}

const personClaims = () => held.current.as(VIEWER).claims();
const eventClaims = () =>
  platformClaims({ endpoint: "edge-events", apiOrigin: held.current.apiOrigin, now: held.current.now() });

const CALLS = [
  ["a person's call", "/api/status", personClaims],
  ["a platform call", "/forge/events", eventClaims],
];

for (const [whose, route, claims] of CALLS) {
  test(`${whose} with a genuine token passes`, async () => {
    const { forge } = held.current;
    const answer = await said(route, `Bearer ${await forge.token(claims())}`);
    assert.notEqual(answer.status, 401, answer.text);
    assert.notEqual(answer.status, 403, answer.text);
  });

  for (const [name, make] of Object.entries(ENVELOPE)) {
    test(`${whose}: ${name} is 401`, async () => {
      const answer = await said(route, await make(claims(), held.current.forge));
      answer.refused(401, "bad-invocation");
    });
  }

  for (const [name, change] of Object.entries(whose === "a person's call" ? { ...CLAIMS, ...CONTEXT } : CLAIMS)) {
    test(`${whose}: ${name} is 401`, async () => {
      const answer = await said(route, `Bearer ${await held.current.forge.token(change(claims()))}`);
      answer.refused(401, "bad-invocation");
    });
  }
}

test("a refusal does not say what is wrong with the token", async () => {
  const details = new Set();
  for (const change of Object.values(CLAIMS)) {
    const answer = await said("/api/status", `Bearer ${await held.current.forge.token(change(personClaims()))}`);
    details.add(answer.body.detail);
  }
  assert.equal(details.size, 1, [...details].join("\n"));
});

test("nothing was written for any forged token", async () => {
  const site = held.current;
  const rows = await site.sql("SELECT app_token_sealed FROM installation WHERE installation <> ?", "x");
  const before = JSON.stringify(rows);
  await said("/forge/lifecycle", `Bearer ${await site.forge.token(CLAIMS["another audience"](eventClaims()))}`);
  assert.equal(JSON.stringify(await site.sql("SELECT app_token_sealed FROM installation")), before);
});
