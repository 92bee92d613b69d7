// No secret, code, token, comment or trace of the inside is ever logged or returned, however things go wrong.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ADMIN, AUTHOR, JONAS, POLICY_PAGE, SITE } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const answers = [];
const secrets = new Map();
const keep = (answer) => (answers.push(answer), answer);
const secret = (name, value) => (secrets.set(name, value), value);

test("a story with every kind of trouble in it", async () => {
  const site = held.current;
  const jonas = site.as(JONAS);
  secret("the Worker's key", site.bindings.COUNTERSIGN_KEYS.split(":")[1]);
  secret("the mail provider's key", site.bindings.MAIL_API_KEY);
  secret("the user's token", await site.sandbox.userToken(JONAS.account));
  secret("the app's token", await site.sandbox.appToken());
  await site.hourly({ token: secrets.get("the app's token") });
  keep(await jonas.beginEnrolment());
  await site.drain();
  const mailed = secret("the mailed code", await jonas.mailedCode());
  keep(await jonas.enterMailCode("ZZZZ-9999"));
  const { key } = (await jonas.enterMailCode(mailed)).good();
  secret("the authenticator's key", key);
  site.authenticators.add(JONAS.account, key);
  keep(await jonas.confirmEnrolment(secret("the first code", await jonas.code())));
  keep(await site.as(AUTHOR).submit({ comment: secret("the submitter's comment", "pineapple submarine") }));
  const challenge = (await jonas.challenge()).good();
  secret("the challenge", challenge.challenge);
  keep(await jonas.decide(challenge, { code: secret("a wrong code", jonas.wrongCode()) }));
  await site.worker.arm({ binding: "DB", match: "INSERT INTO journal", when: "before", times: 100 });
  keep(await jonas.decide(challenge, { code: secret("a code", await jonas.code()), comment: secret("the comment", "zebra piano") }));
  await site.worker.disarm();
  await site.worker.arm({ binding: "DB", match: "guess", when: "before", times: 1, error: "D1_ERROR: near \"SELEC\": syntax error in SELECT secret FROM factor: SQLITE_ERROR" });
  keep(await jonas.decide(challenge, { code: secret("another code", await jonas.code()) }));
  await site.worker.disarm();
  for (const kind of [{ kind: "status", status: 500 }, { kind: "status", status: 401 }, { kind: "drop" }]) {
    await site.sandbox.fault({ method: "*", path: "/wiki", ...kind });
    keep(await jonas.challenge("approve", { version: 1 }));
    keep(await site.as(AUTHOR).submit({ version: 1 }));
    keep(await site.as(ADMIN).from("approval-settings").call("/api/settings/overview"));
    await site.sandbox.clearFaults();
  }
  keep(await jonas.call("/api/decision", {}, { raw: `{"challenge":"${challenge.challenge}","code":"271828"` }));
  keep(await jonas.call("/api/nothing-here-123456"));
  (await jonas.approve()).good();
  await site.drain();
});

test("nothing secret is in the log", () => {
  const { log } = held.current.worker;
  assert.ok(log.length > 0, "troubles are logged at all");
  for (const [name, value] of secrets) assert.ok(!log.includes(value), `${name} is in the log`);
  assert.doesNotMatch(log, /SELECT |INSERT INTO|UPDATE \w+ SET|SQLITE_|Bearer |eyJ[\w-]{10,}|\$\{/);
  for (const personal of [JONAS.email, JONAS.name, AUTHOR.name]) assert.ok(!log.includes(personal), `${personal} is in the log`);
});

test("nothing secret is in any answer", () => {
  for (const answer of answers) {
    const shown = answer.text + JSON.stringify([...answer.headers]).replace(/"x-test-used","[^"]*"/, "");
    for (const [name, value] of secrets) {
      if (name.includes("comment")) continue;
      assert.ok(!shown.includes(value), `${name} is in ${shown}`);
    }
    if (answer.status >= 400) assert.doesNotMatch(answer.text, /SELECT|INSERT|D1_|SQLITE|panicked|\.rs\b|at \w+ \(|wasm/i);
  }
});

test("no secret lies in the database or in KV in clear", async () => {
  const site = held.current;
  const tables = await site.sql("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'");
  let dump = await site.worker.kv.get(`status/${SITE.key}/${POLICY_PAGE}`);
  for (const { name } of tables) dump += JSON.stringify(await site.sql(`SELECT * FROM "${name}"`));
  for (const [name, value] of secrets) {
    if (name.includes("comment")) continue;
    assert.ok(!dump.includes(value), `${name} lies in clear`);
    if (name === "the mailed code") assert.ok(!dump.includes(value.replace("-", "")), `${name} lies in clear`);
  }
  assert.ok(!dump.includes(JONAS.email), "an address is kept");
});

test("answers are JSON, never stored, never sniffed", () => {
  for (const answer of answers) {
    assert.match(answer.headers.get("content-type"), /^application\/(problem\+)?json/);
    assert.equal(answer.headers.get("cache-control"), "no-store");
    assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
  }
});
