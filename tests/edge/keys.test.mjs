// Keys are changed without a pause: a new one in front, everything sealed anew while people go on, the old one taken away.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { confirmed, first } from "../support/factors.mjs";
import { ADMIN, AUTHOR, JONAS, OTHER_SITE, PRIYA, SITE, VIEWER } from "../support/identities.mjs";
import { killAndRestart } from "../support/kill.mjs";
import { checkValue, keyOf, newKey, seal, sealedTexts } from "../support/seal.mjs";
import { startSite } from "../support/site.mjs";

const persist = mkdtempSync(path.join(tmpdir(), "countersign-keys-"));
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const MOST = 40;
/** People who are not in the tests otherwise: as many as take the job several minutes. */
const MANY = 450;
const keys = { k1: newKey("k1"), k2: newKey("k2"), k3: newKey("k3") };
const of = (...ids) => ids.map((id) => keys[id]).join(",");
let site, pages, codes;

before(async () => {
  site = await startSite({ persist, vars: { COUNTERSIGN_KEYS: of("k1") } });
  await site.install(OTHER_SITE);
  await site.as(JONAS).enrol();
  await site.as(ADMIN).enrol();
  codes = (await first(site.as(AUTHOR), { name: "Phone" })).recovery_codes;
  await plant(SITE.key, MANY);
  await plant(OTHER_SITE.key, 3);
  pages = [];
  for (let number = 0; number < 6; number += 1) {
    const page = await site.newPage({ title: `Page ${number}` });
    (await site.as(AUTHOR).on(page).submit()).good();
    pages.push(page);
  }
});
after(async () => {
  await site?.stop();
  rmSync(persist, { recursive: true, force: true });
});

/** Authenticators of people nobody acts as, sealed with the first key. */
async function plant(key, number) {
  const rows = Array.from({ length: number }, (_, index) => {
    const [person, id] = [`712020:planted-${String(index).padStart(4, "0")}`, `f${index}`];
    return { person, id, secret: seal(keys.k1, { site: key, person, purpose: "totp-secret", id }, randomBytes(20)) };
  });
  await site.sql(
    `INSERT INTO factor (site, person, id, kind, secret, last_step, active, enrolled_at)
     SELECT ?1, value ->> 'person', value ->> 'id', 'totp', value ->> 'secret', 0, 1, 1 FROM json_each(?2)`,
    key, JSON.stringify(rows),
  );
}

async function redeploy(ring) {
  await site.worker.stop();
  site.bindings.COUNTERSIGN_KEYS = ring;
  await site.boot();
}

/** A minute of the clock; no more statements than an invocation may send. */
async function minute() {
  const { used } = await site.worker.scheduled();
  const statements = used.reduce((sum, call) => sum + (call.sql?.length ?? 0), 0);
  assert.ok(statements <= MOST, `${statements} statements`);
  await site.worker.idle();
  await site.advance(MINUTE);
}

const told = async (at = SITE) => (await site.as(ADMIN).at(at).from("approval-settings").call("/api/settings/keys")).good();
const key = (answer, id) => answer.keys.find((one) => one.id === id);
const approve = async (page) => (await site.as(JONAS).on(page).approve()).good();
const facts = (at = SITE) => site.journal("site-facts", at);

/** Proves oneself with the next recovery code, to set up another authenticator. */
const recovers = async () => (await confirmed(site.as(AUTHOR), "/api/enrolment/begin", { name: "Other phone" }, codes.shift())).good();

/** Minutes until the site is done. */
async function done(at = SITE, minutes = 30) {
  for (let number = 0; number < minutes; number += 1) {
    const { rotation } = await told(at);
    if (rotation.state === "done") return number;
    await minute();
  }
  throw new Error(`it does not end: ${JSON.stringify(await told(at))}`);
}

test("with one key there is nothing to do, and the journal says nothing of it", async () => {
  await done();
  await done(OTHER_SITE);
  const answer = await told();
  assert.deepEqual(answer.keys.map(({ id, standing }) => [id, standing]), [["k1", "newest"]]);
  assert.equal(key(answer, "k1").check, checkValue(keys.k1), "the digits the ceremony notes");
  assert.ok(key(answer, "k1").sealed >= MANY + 2);
  assert.deepEqual(await facts(), []);
});

test("only admins are told, and no key is", async () => {
  (await site.as(VIEWER).from("approval-settings").call("/api/settings/keys")).refused(403, "not-allowed");
  const answer = await site.as(ADMIN).from("approval-settings").call("/api/settings/keys");
  assert.ok(!answer.text.includes(keys.k1.split(":")[1]));
});

test("with a new key in front everything goes on at once: an enrolment under way, a challenge, an authenticator", async () => {
  (await site.as(PRIYA).beginEnrolment()).good();
  await site.drain();
  const challenge = (await site.as(JONAS).on(pages[0]).challenge()).good();
  await redeploy(of("k2", "k1"));
  const answer = await told();
  assert.equal(answer.rotation.state, "due");
  assert.deepEqual(answer.keys.map(({ id, standing, removal }) => [id, standing, removal.is]), [["k2", "newest", "in-use"], ["k1", "older", "waiting"]]);
  const jonas = site.as(JONAS).on(pages[0]);
  (await jonas.decide(challenge, { code: await jonas.code() })).good();
  const { key: secret } = (await site.as(PRIYA).enterMailCode(await site.as(PRIYA).mailedCode())).good();
  site.authenticators.add(PRIYA.account, secret);
  (await site.as(PRIYA).confirmEnrolment(await site.as(PRIYA).code())).good();
});

test("everything is sealed anew in portions, while people decide, and a kill in between loses nothing", async () => {
  const total = key(await told(), "k1").sealed;
  const lefts = [total];
  await minute();
  assert.equal((await told()).rotation.state, "open");
  for (let number = 0; number < 30; number += 1) {
    const { rotation } = await told();
    assert.equal(rotation.left, key(await told(), "k1").sealed);
    lefts.push(rotation.left);
    if (rotation.state === "done") break;
    if (number === 0) await approve(pages[1]);
    if (number === 1) await killAndRestart(site, site.worker.scheduled().catch(() => {}));
    await minute();
  }
  assert.equal(lefts.at(-1), 0, lefts.join());
  assert.ok(lefts.length > 4, `several minutes: ${lefts.join()}`);
  assert.ok(lefts.every((left, index) => index === 0 || left <= lefts[index - 1]), lefts.join());
  await approve(pages[2]);
});

test("each text was sealed anew once, and the journal tells of it once", async () => {
  await done(OTHER_SITE);
  const [fact, ...more] = await facts();
  assert.deepEqual(more, []);
  assert.equal(fact.kind, "keys-rotated");
  const { key: to, before: from, texts } = fact.entry.event;
  assert.deepEqual([to, from, fact.entry.actor.is], ["k2", "k1", "system"]);
  assert.ok(texts >= MANY + 2 && texts <= MANY + 8, `${texts}`);
  assert.equal((await facts(OTHER_SITE)).length, 1, "each site for itself");
});

test("nothing in the database is under the old key, in whatever table", async () => {
  const left = (await sealedTexts(site)).filter((one) => one.key !== "k2");
  assert.deepEqual(left, []);
});

test("every column that holds sealed texts is known to the job", async () => {
  const view = await site.sql("SELECT DISTINCT place FROM sealed");
  const found = new Set((await sealedTexts(site)).map((one) => one.place));
  assert.ok(found.size >= 2 && view.length >= found.size, `${[...found]} but ${view.map((row) => row.place)}`);
  const tables = await site.sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'");
  const columns = tables.flatMap(({ name, sql }) =>
    [...sql.matchAll(/\b(\w*(?:sealed|secret|cipher)\w*)\s+TEXT/g)].map((match) => `${name}.${match[1]}`),
  );
  assert.ok(columns.length >= 4, columns.join());
  const views = await site.sql("SELECT sql FROM sqlite_master WHERE type = 'view' AND name LIKE 'sealed%'");
  const sql = views.map((view) => view.sql).join("\n");
  for (const place of columns) {
    const [table, column] = place.split(".");
    assert.match(sql, new RegExp(`${column}\\s+FROM ${table}\\b`), `${place} is not in the view`);
  }
});

test("the old key can go once what was begun with it has ended", async () => {
  assert.equal(key(await told(), "k1").removal.is, "from");
  assert.equal(key(await told(), "k1").recovery_codes, 0, "what they need of it was put by");
  await site.advance(HOUR);
  assert.equal(key(await told(), "k1").removal.is, "free");
});

test("with the new key alone everything works: old authenticators, new ones, the app's token", async () => {
  await redeploy(of("k2"));
  await approve(pages[3]);
  (await site.as(PRIYA).on(pages[4]).approve()).good();
  await site.drain();
  assert.deepEqual((await site.outbox()).filter((row) => row.state === "failed"), []);
  await done();
  await site.advance(25 * HOUR);
  await minute();
  assert.equal((await facts()).length, 1, "a daily look is no news");
});

test("a recovery code outlives the key it was made under", async () => {
  assert.ok((await recovers()).key);
  const under = await site.sql("SELECT hmac FROM recovery_code WHERE person = ?", AUTHOR.account);
  assert.ok(under.every((row) => row.hmac.startsWith("k1.")));
  const wrong = codes[0].replace(/.$/, (last) => (last === "7" ? "8" : "7"));
  (await confirmed(site.as(AUTHOR), "/api/enrolment/begin", { name: "Other phone" }, wrong)).refused(422, "wrong-code");
});

test("a text that changes while it is sealed anew keeps the change", async () => {
  await redeploy(of("k3", "k2"));
  const person = "712020:planted-0007";
  const changed = seal(keys.k3, { site: SITE.key, person, purpose: "totp-secret", id: "f7" }, randomBytes(20));
  await site.worker.arm({ binding: "DB", match: "UPDATE factor", delay: 1500 });
  const running = (async () => {
    for (let number = 0; number < 12; number += 1) await minute();
  })();
  await site.worker.struck();
  await site.sql("UPDATE factor SET secret = ? WHERE person = ?", changed, person);
  await running;
  await site.worker.disarm();
  await done();
  const [{ secret }] = await site.sql("SELECT secret FROM factor WHERE person = ?", person);
  assert.equal(secret, changed);
  assert.deepEqual((await sealedTexts(site)).filter((one) => one.key !== "k3"), []);
  await done(OTHER_SITE);
});

test("two clocks at once seal nothing twice", async () => {
  keys.k4 = newKey("k4");
  await redeploy(of("k4", "k3"));
  const before = (await facts()).length;
  for (let number = 0; number < 10; number += 1) {
    await Promise.all([site.worker.scheduled(), site.worker.scheduled(), site.worker.scheduled()]);
    await site.worker.idle();
    await site.advance(MINUTE);
  }
  await done();
  const [fact, ...more] = (await facts()).slice(before);
  assert.deepEqual(more, []);
  const there = (await site.sql("SELECT COUNT(*) AS n FROM sealed WHERE site = ?", SITE.key))[0].n;
  assert.ok(Math.abs(fact.entry.event.texts - there) <= 4, `${fact.entry.event.texts} of ${there}`);
  assert.ok((await recovers()).key, "three keys later a recovery code still proves its owner");
});

test("a key taken away too early: nothing is let through, the log and the settings say which, and put back it all works", async () => {
  await done(OTHER_SITE);
  keys.k5 = newKey("k5");
  await redeploy(of("k5"));
  await site.install();
  const jonas = site.as(JONAS).on(pages[5]);
  const challenge = (await jonas.challenge()).good();
  const answer = await jonas.decide(challenge, { code: await jonas.code() });
  assert.equal(answer.status, 500, answer.text);
  assert.ok(!answer.text.includes("k4"));
  assert.match(site.worker.log, /the key k4 is not in COUNTERSIGN_KEYS/);
  assert.equal((await site.journal(`page/${pages[5]}`)).filter((row) => row.kind === "decided").length, 0);
  for (let number = 0; number < 3; number += 1) await minute();
  const now = await told();
  assert.equal(now.rotation.state, "stuck");
  assert.equal(key(now, "k4").standing, "missing");
  assert.equal(key(now, "k4").check, null);
  assert.ok(key(now, "k4").sealed >= MANY);
  await redeploy(of("k5", "k4"));
  await done();
  assert.equal((await told()).keys.find((one) => one.id === "k4").sealed, 0);
  await approve(pages[5]);
});

test("a damaged text keeps nobody else's back, and is told of", async () => {
  await done(OTHER_SITE);
  const [person, good] = ["712020:planted-0009", "712020:planted-0010"];
  const [{ secret }] = await site.sql("SELECT secret FROM factor WHERE site = ? AND person = ?", SITE.key, good);
  await site.sql("UPDATE factor SET secret = ? WHERE site = ? AND person = ?", secret, SITE.key, person);
  keys.k6 = newKey("k6");
  await redeploy(of("k6", "k5"));
  for (let number = 0; number < 12; number += 1) await minute();
  const answer = await told();
  assert.equal(answer.rotation.state, "stuck");
  assert.equal(key(answer, "k5").sealed, 1);
  assert.equal(key(answer, "k5").removal.is, "waiting");
  const [{ secret: still }] = await site.sql("SELECT secret FROM factor WHERE site = ? AND person = ?", SITE.key, person);
  assert.equal(keyOf(still), "k5");
  assert.match(site.worker.log, /a text in factor can't be sealed anew/);
  assert.ok(!site.worker.log.includes(person), "not whose");
});
