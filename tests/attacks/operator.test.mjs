// The operator's route: there only with a key, for a signature over exactly this request, made just now, once. And what it
// does is loud.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { ADMIN, AUTHOR, JONAS, OTHER_SITE, PRIYA, SITE } from "../support/identities.mjs";
import { newOperatorKey, OPERATOR_PATH, order, sendRaw, signature } from "../support/operator.mjs";
import { ROOT } from "../support/place.mjs";
import { startSite } from "../support/site.mjs";

const KEY = newOperatorKey();
const MINUTE = 60_000;
let site;
const about = (act, who, change = {}) => ({ act, site: SITE.key, person: who.account, operator: "Robin Vance", reason: "Both admins are away.", ...change });
const failures = async (who) => (await site.sql("SELECT failures FROM guess WHERE site = ? AND person = ?", SITE.key, who.account))[0]?.failures ?? 0;
const lock = (who) =>
  site.sql(
    `INSERT INTO guess (site, person, failures, locked_until, held) VALUES (?, ?, 50, 0, 0)
     ON CONFLICT (site, person) DO UPDATE SET failures = 50`,
    SITE.key, who.account,
  );
const factors = (who) => site.sql("SELECT id, secret, active FROM factor WHERE site = ? AND person = ?", SITE.key, who.account);

before(async () => {
  site = await startSite({ vars: { OPERATOR_KEY: KEY } });
  await site.install(OTHER_SITE);
  // Known as an admin: told by mail from now on.
  (await site.as(ADMIN).from("approval-settings").call("/api/settings/overview")).good();
  for (const who of [JONAS, PRIYA]) await site.as(who).enrol();
});
after(() => site?.stop());

/** Sends it, and makes sure that nothing happened. */
async function inVain(send, status, kind) {
  await lock(JONAS);
  const before = await site.entries();
  (await send()).refused(status, kind);
  assert.equal(await failures(JONAS), 50);
  assert.ok((await factors(JONAS)).every((row) => row.active === 1));
  assert.equal(await site.entries(), before, "nothing in the journal");
}

const UNLOCK = JSON.stringify(about("unlock", JONAS));
const signed = (body, change = {}) => ({ "countersign-operator": signature(KEY, { body, time: site.now(), ...change }) });

test("without a signature, or with something that only looks like one, nothing is done", async () => {
  const good = signature(KEY, { body: UNLOCK, time: site.now() });
  const [, time, nonce, mac] = good.split(" ");
  const headers = ["", "v1", good.replace("v1", "v2"), `${good} x`, `v1 ${time} ${nonce}`, `v1 ${time} ${nonce} ${mac.slice(2)}`, `v1 ${time} ${nonce.toUpperCase()} ${mac}`, `v1 -1 ${nonce} ${mac}`];
  await inVain(() => sendRaw(site, UNLOCK), 403, "not-allowed");
  for (const header of headers) await inVain(() => sendRaw(site, UNLOCK, { "countersign-operator": header }), 403, "not-allowed");
});

test("another key's signature, or any changed bit of it, is nothing", async () => {
  await inVain(() => order(site, newOperatorKey(), about("unlock", JONAS)), 403, "not-allowed");
  await inVain(() => order(site, Buffer.alloc(32).toString("base64"), about("unlock", JONAS)), 403, "not-allowed");
  const good = signature(KEY, { body: UNLOCK, time: site.now() });
  const [, time, nonce, mac] = good.split(" ");
  for (const at of [0, 31, 63]) {
    const flipped = mac.slice(0, at) + (mac[at] === "0" ? "1" : "0") + mac.slice(at + 1);
    await inVain(() => sendRaw(site, UNLOCK, { "countersign-operator": `v1 ${time} ${nonce} ${flipped}` }), 403, "not-allowed");
  }
  await inVain(() => sendRaw(site, UNLOCK, { "countersign-operator": `v1 ${Number(time) + 1} ${nonce} ${mac}` }), 403, "not-allowed");
  await inVain(() => sendRaw(site, UNLOCK, { "countersign-operator": `v1 ${time} ${nonce.replace(/^./, (c) => (c === "0" ? "1" : "0"))} ${mac}` }), 403, "not-allowed");
});

test("a signature for one request is nothing for another: person, act, site, reason, one more space", async () => {
  const other = [about("unlock", PRIYA), about("reset-factors", JONAS), about("unlock", JONAS, { site: OTHER_SITE.key }), about("unlock", JONAS, { reason: "Other." })];
  for (const request of other) await inVain(() => sendRaw(site, JSON.stringify(request), signed(UNLOCK)), 403, "not-allowed");
  await inVain(() => sendRaw(site, `${UNLOCK} `, signed(UNLOCK)), 403, "not-allowed");
  await inVain(() => sendRaw(site, UNLOCK, signed(UNLOCK, { path: "/forge/events" })), 403, "not-allowed");
  await inVain(() => sendRaw(site, UNLOCK, signed(UNLOCK, { method: "PUT" })), 403, "not-allowed");
});

test("a signature is good for five minutes, before and after", async () => {
  for (const apart of [-5 * MINUTE - 5000, 5 * MINUTE + 5000, -24 * 60 * MINUTE]) {
    await inVain(() => sendRaw(site, UNLOCK, signed(UNLOCK, { time: site.now() + apart })), 403, "not-allowed");
  }
});

test("a site or a person that is not there, an act that is not known, a missing reason", async () => {
  await inVain(() => order(site, KEY, about("unlock", JONAS, { site: "nowhere/else" })), 404, "not-found");
  await inVain(() => order(site, KEY, about("unlock", JONAS, { site: OTHER_SITE.key })), 404, "not-found");
  await inVain(() => order(site, KEY, about("unlock", { account: "712020:nobody" })), 404, "not-found");
  await inVain(() => order(site, KEY, about("reset-factors", AUTHOR)), 404, "not-found");
  await inVain(() => order(site, KEY, about("approve", JONAS)), 422, "bad-request");
  await inVain(() => order(site, KEY, { ...about("unlock", JONAS), more: 1 }), 422, "bad-request");
  await inVain(() => order(site, KEY, about("unlock", JONAS, { reason: "  " })), 422, "bad-field");
  await inVain(() => order(site, KEY, about("unlock", JONAS, { operator: "" })), 422, "bad-field");
});

test("a body that is long, or does not say how long it is, is not even read", async () => {
  const long = JSON.stringify(about("unlock", JONAS, { reason: "x".repeat(20_000) }));
  await inVain(() => sendRaw(site, long, signed(long)), 413, "too-large");
  const stream = new ReadableStream({ start: (way) => (way.enqueue(Buffer.from(UNLOCK)), way.close()) });
  const send = () => site.worker.fetch(OPERATOR_PATH, { method: "POST", headers: signed(UNLOCK), body: stream, duplex: "half" });
  assert.equal((await send()).status, 413);
});

test("no token of Forge's opens the operator's route, and the operator's key opens none of Forge's", async () => {
  for (const module of ["approval-macro", "approval-settings"]) {
    await inVain(() => site.as(ADMIN).from(module).call(OPERATOR_PATH, about("unlock", JONAS)), 403, "not-allowed");
  }
  for (const endpoint of ["edge-events", "edge-schedule", "edge-lifecycle"]) {
    await inVain(() => site.platform(OPERATOR_PATH, about("unlock", JONAS), { endpoint }), 403, "not-allowed");
  }
  for (const route of ["/api/settings/overview", "/api/settings/keys", "/forge/events", "/forge/lifecycle"]) {
    const header = signature(KEY, { body: UNLOCK, time: site.now(), path: route });
    (await sendRaw(site, UNLOCK, { "countersign-operator": header }, { path: route })).refused(401, "bad-invocation");
  }
});

test("with the key a lock is released, once, in the journal and by mail to owner and admins", async () => {
  await lock(JONAS);
  const header = signed(UNLOCK);
  const answers = await Promise.all(Array.from({ length: 8 }, () => sendRaw(site, UNLOCK, header)));
  const [done, ...more] = answers.filter((answer) => answer.status === 200);
  assert.equal(more.length, 0, "one of eight");
  assert.equal(done.good().act, "unlock");
  assert.equal(await failures(JONAS), 0);
  await lock(JONAS);
  (await sendRaw(site, UNLOCK, header)).refused(409, "challenge-used");
  assert.equal(await failures(JONAS), 50, "a replay releases nothing");

  const [fact, ...others] = (await site.journal(`person-facts/${JONAS.account}`)).filter((row) => row.kind === "operator-acted");
  assert.deepEqual(others, []);
  const { actor, event } = fact.entry;
  assert.deepEqual([actor, event.act], [{ is: "operator" }, "unlock"]);
  assert.equal(event.request, createHash("sha256").update(UNLOCK).digest("hex"));
  const all = JSON.stringify(await site.sql("SELECT entry FROM journal"));
  assert.ok(!all.includes("Both admins are away.") && !all.includes("Robin Vance"), "what was typed can be erased");
  const texts = (await site.sql("SELECT body FROM text WHERE site = ?", SITE.key)).map((row) => row.body);
  assert.ok(texts.includes("Both admins are away.") && texts.includes("Robin Vance"));

  await site.drain();
  for (const who of [JONAS, ADMIN]) {
    const mails = (await site.mailsTo(who)).filter((mail) => /operat/i.test(mail.text) && /Both admins are away\./.test(mail.text));
    assert.equal(mails.length, 1, `${who.name}: ${mails.map((mail) => mail.subject)}`);
  }
});

test("with the key all of somebody's factors are taken away; what they held is worth nothing, and they can begin anew", async () => {
  (await site.as(AUTHOR).submit()).good();
  const priya = site.as(PRIYA);
  const challenge = (await priya.challenge()).good();
  const mine = (await factors(PRIYA)).map((row) => row.id);
  const done = (await order(site, KEY, about("reset-factors", PRIYA))).good();
  assert.match(done.said, /1 factors/);
  assert.deepEqual((await factors(PRIYA)).map((row) => [row.active, row.secret]), [[0, ""]]);
  assert.ok((await factors(JONAS)).every((row) => row.active === 1), "nobody else's");
  const stale = await priya.decide(challenge, { code: await priya.code() });
  assert.ok(stale.status >= 400 && stale.status < 500, stale.text);
  const stream = await site.journal(`factors/${PRIYA.account}`);
  const revoked = stream.filter((row) => row.kind === "factor-revoked");
  assert.deepEqual(revoked.map((row) => [row.entry.event.factor, row.entry.actor.is]), mine.map((id) => [id, "operator"]));
  await site.drain();
  await priya.enrol();
  (await site.as(PRIYA).approve()).good();
});

test("the operator learns how far all sites are, and no site's name", async () => {
  const answer = await order(site, KEY, { act: "keys" });
  const { keys, sites, done } = answer.good();
  assert.equal(sites, 2);
  assert.ok(done <= sites && keys[0].id === "k1" && /^[0-9a-f]{8}$/.test(keys[0].check), answer.text);
  assert.ok(!answer.text.includes(SITE.cloudId));
});

test("the command does it: cargo xtask operator", async (t) => {
  const xtask = process.env.XTASK_BIN ?? path.join(ROOT, "target/xtask/xtask");
  const run = (env, ...words) => promisify(execFile)(xtask, ["operator", ...words], { env: { PATH: process.env.PATH, ...env } }).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    (failure) => ({ code: failure.code, said: `${failure.stdout}${failure.stderr}` }),
  );
  // The command has the real time.
  if (Math.abs(site.now() - Date.now()) > 4 * MINUTE) await site.worker.setClock(0);
  const words = ["unlock", "--url", site.worker.url, "--site", SITE.key, "--person", JONAS.account, "--operator", 'R "V" \\', "--reason", "Two words"];
  await lock(JONAS);
  const forged = await run({ OPERATOR_KEY: newOperatorKey() }, ...words);
  assert.equal(forged.code, 1, forged.said);
  assert.match(forged.said, /not signed by the operator/);
  assert.equal(await failures(JONAS), 50);
  const done = await run({ OPERATOR_KEY: KEY }, ...words);
  assert.equal(done.code, 0, done.said);
  assert.equal(await failures(JONAS), 0);
  const told = await run({ OPERATOR_KEY: KEY }, "keys", "--url", site.worker.url);
  assert.match(told.said, /of 2 sites/);
  assert.equal((await run({}, ...words)).code, 2, "without a key it says so");
  t.diagnostic(told.said);
});

describe("without the secret", () => {
  let bare;
  before(async () => (bare = await startSite()));
  after(() => bare?.stop());

  test("the route does not exist, whoever asks and however", async () => {
    const header = signature(KEY, { body: UNLOCK, time: bare.now() });
    const unknown = await sendRaw(bare, UNLOCK, {}, { path: "/operator/acts" });
    for (const send of [
      () => sendRaw(bare, UNLOCK, { "countersign-operator": header }),
      () => order(bare, "", about("unlock", JONAS)),
      () => sendRaw(bare, UNLOCK, {}, { method: "GET" }),
      () => bare.as(ADMIN).from("approval-settings").call(OPERATOR_PATH, about("unlock", JONAS)),
    ]) {
      const answer = await send();
      answer.refused(404, "no-such-route");
      assert.equal(answer.text, unknown.text, "as any other address there is nothing at");
    }
  });
});
