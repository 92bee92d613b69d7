// Forge's public keys: kept by kid, fetched again once for a kid not known, and their absence is not the token's fault.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Answer } from "../support/answer.mjs";
import { makeKey, sign } from "../support/forge.mjs";
import { VIEWER } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const MINUTE = 60_000;

async function call(key) {
  const site = held.current;
  const authorization = `Bearer ${await sign(site.as(VIEWER).claims(), key)}`;
  const headers = { authorization, "content-type": "application/json" };
  return Answer.of(await site.worker.fetch("/api/status", { method: "POST", headers, body: "{}" }));
}

test("a known key is not fetched again", async () => {
  const { forge } = held.current;
  await call(forge.key);
  const before = forge.asked;
  for (let times = 0; times < 5; times += 1) (await call(forge.key)).good();
  assert.equal(forge.asked, before);
});

test("a new key is found by fetching once, and the old one goes on working", async () => {
  const site = held.current;
  const next = await makeKey("forge/invocation-token/test-2");
  site.forge.keys.push(next.jwk);
  await site.advance(MINUTE);
  const before = site.forge.asked;
  (await call(next)).good();
  (await call(next)).good();
  (await call(site.forge.key)).good();
  assert.equal(site.forge.asked, before + 1);
});

test("kids made up do not make us fetch each time", async () => {
  const site = held.current;
  await site.advance(MINUTE);
  const before = site.forge.asked;
  const keys = await Promise.all(Array.from({ length: 6 }, (_, number) => makeKey(`made-up-${number}`)));
  for (const answer of await Promise.all(keys.map(call))) answer.refused(401, "bad-invocation");
  assert.equal(site.forge.asked, before + 1);
});

test("keys out of reach are 503, not 401, and a key known already goes on working", async () => {
  const site = held.current;
  await site.advance(MINUTE);
  site.forge.failsWith = 500;
  (await call(await makeKey("not-seen-yet"))).refused(503, "confluence-unavailable");
  (await call(site.forge.key)).good();
  site.forge.failsWith = undefined;
});

test("a key taken out of the list is not believed for ever", async () => {
  const site = held.current;
  const gone = await makeKey("forge/invocation-token/gone");
  site.forge.keys.push(gone.jwk);
  await site.advance(MINUTE);
  (await call(gone)).good();
  site.forge.keys.pop();
  await site.advance(25 * 60 * MINUTE);
  (await call(gone)).refused(401, "bad-invocation");
});
