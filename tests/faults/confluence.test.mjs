// Confluence slow, busy, broken or refusing: said plainly, never 401, nothing recorded on a guess, effects wait and go on.
import assert from "node:assert/strict";
import { afterEach, before, test } from "node:test";
import { AUTHOR, JONAS, POLICY_PAGE, PROCEDURE_PAGE, VIEWER } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
before(async () => {
  await held.current.as(JONAS).enrol();
  (await held.current.as(AUTHOR).submit()).good();
});
afterEach(() => held.current.sandbox.clearFaults());

const anyCall = (trouble) => held.current.sandbox.fault({ method: "*", path: "/wiki", ...trouble });
const version = { version: 1 };

const TROUBLE = {
  "an error of its own": [{ kind: "status", status: 500 }, [503]],
  "an outage": [{ kind: "status", status: 503 }, [503]],
  "a broken connection": [{ kind: "drop" }, [503]],
  "“too many requests”": [{ kind: "status", status: 429, retryAfter: 7 }, [503]],
  "a credential refused": [{ kind: "status", status: 401 }, [503]],
  "“forbidden”": [{ kind: "status", status: 403 }, [403, 503]],
};

for (const [name, [trouble, statuses]] of Object.entries(TROUBLE)) {
  test(`${name}: people are told, nothing is recorded, nobody is sent to log in`, async () => {
    const site = held.current;
    const entries = await site.entries();
    await site.advance(61_000);
    const challenge = (await site.as(JONAS).challenge("approve", version)).good();
    await anyCall(trouble);
    const answers = [
      await site.as(JONAS).challenge("approve", version),
      await site.as(JONAS).decide(challenge, { code: await site.as(JONAS).code() }),
      await site.as(AUTHOR).on(PROCEDURE_PAGE).submit(version),
    ];
    for (const answer of answers) {
      assert.ok(statuses.includes(answer.status), answer.text);
      assert.ok(answer.body.detail.length > 20);
    }
    assert.equal(await site.entries(), entries);
    const [row] = await site.sql("SELECT failures FROM guess WHERE person = ?", JONAS.account);
    assert.equal(row?.failures ?? 0, 0, "it costs no attempt");
  });
}

test("a busy Confluence: the person is told how long to wait", async () => {
  const site = held.current;
  await anyCall({ kind: "status", status: 429, retryAfter: 7 });
  const problem = (await site.as(JONAS).challenge("approve", version)).refused(503, "confluence-unavailable");
  assert.match(problem.detail, /7 seconds/);
});

test("one hiccup is not passed on", async () => {
  const site = held.current;
  await anyCall({ kind: "status", status: 502, times: 1 });
  (await site.as(JONAS).challenge("approve", version)).good();
  await anyCall({ kind: "drop", times: 1 });
  (await site.as(JONAS).challenge("approve", version)).good();
});

test("a slow Confluence: it is waited for, but not for ever", { timeout: 60_000 }, async () => {
  const site = held.current;
  await anyCall({ kind: "slow", ms: 1500, times: 2 });
  (await site.as(JONAS).challenge("approve", version)).good();
  await anyCall({ kind: "slow", ms: 30_000 });
  const began = Date.now();
  (await site.as(JONAS).challenge("approve", version)).refused(503, "confluence-unavailable");
  assert.ok(Date.now() - began < 24_000, "Forge gives up after 25 s");
});

test("what viewers see does not need Confluence", async () => {
  const site = held.current;
  await anyCall({ kind: "drop" });
  assert.equal((await site.as(VIEWER).status()).good().status.state.name, "In Review");
  assert.equal((await site.as(VIEWER).confirm()).good().status.state.name, "In Review");
});

test("effects wait and are carried out when Confluence is back", async () => {
  const site = held.current;
  (await site.as(AUTHOR).on(PROCEDURE_PAGE).submit()).good();
  await anyCall({ kind: "status", status: 500 });
  await site.sandbox.edit(POLICY_PAGE);
  for (const body of await site.sandbox.events()) await site.event(body);
  await site.advance(40_000);
  await site.drain();
  const waiting = (await site.outbox()).filter((row) => row.state === "open");
  await site.sandbox.clearFaults();
  for (let round = 0; round < 6; round += 1) {
    for (const body of await site.sandbox.events()) await site.event(body);
    await site.advance(700_000);
    await site.drain();
  }
  assert.deepEqual((await site.outbox()).filter((row) => row.state !== "done"), [], JSON.stringify(waiting));
});

test("an event that cannot be looked into is refused, so that Forge brings it again", async () => {
  const site = held.current;
  const page = await site.newPage({ title: "Later" });
  await site.sandbox.edit(page);
  const [event] = await site.sandbox.events();
  await anyCall({ kind: "status", status: 500 });
  const answer = await site.event(event);
  await site.sandbox.clearFaults();
  if (answer.status === 200) {
    await site.advance(3600_000);
    await site.drain();
  } else {
    assert.ok(answer.status >= 500, answer.text);
    (await site.event(event)).good();
  }
  assert.equal((await site.as(VIEWER).on(page).confirm()).good().status.latest_version, 2);
});
