// Timers: putting is idempotent, going off happens once under any number of clocks, and nothing is read that is not due.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { OTHER_SITE, SITE, database, sql } from "./database.mjs";

let db;
before(async () => (db = await database()));
after(() => db.close());
beforeEach(async () => {
  for (const table of ["timer", "outbox", "personal", "zone"]) await db.ask(`DELETE FROM ${table}`);
});

const NOW = 1_795_255_200_000;
const timer = (kind, more = {}) => ({ kind, person: "", detail: "", nth: 0, seq: 3, at: NOW, ...more });
const reminder = (person, nth, at) => timer("reminder", { person, nth, at, detail: "owners" });
/** As a commit sets a page's timers: `state` is the seq of its state, `last` the time of its last event. */
const replace = async (page, timers, { state = 3, last = NOW - 1000, clear = "timer/clear", site = SITE } = {}) => {
  if (clear === "timer/clear") await db.run(clear, site, page, state, last);
  else await db.run(clear, site, page, state);
  await db.run("timer/put", site, page, JSON.stringify(timers), last);
};
const all = (page = "7") => db.ask("SELECT kind, person, nth, seq, at, fired FROM timer WHERE page = ? ORDER BY kind, person, nth", page);
const due = (now = NOW, site = SITE) => db.run("timer/due", site, now, 100);
const outbox = () => db.ask("SELECT lane, effect, key FROM outbox ORDER BY id");

/** One clock: what it read goes off, as the Worker does it. */
async function goOff(rows, now = NOW, next = () => null) {
  const names = ({ page, kind, person, detail, nth, seq, at }) => ({ page, kind, person, detail, nth, seq, at });
  const going = rows.map((row) => ({
    ...names(row), lane: `${row.kind}/${row.page}/${row.person}`, effect: `{"effect":"${row.kind}"}`, key: `${row.kind}/${row.person}/${row.nth}`,
  }));
  const gone = rows.map((row) => ({ ...names(row), next: next(row) }));
  await db.d1.batch([
    db.prepare("timer/go_off", SITE, JSON.stringify(going), now),
    db.prepare("timer/went_off", SITE, JSON.stringify(gone)),
  ]);
}

test("putting the same timers again changes nothing", async () => {
  const timers = [timer("expiry", { at: NOW + 5 }), reminder("a", 1, NOW + 1), reminder("a", 2, NOW + 2)];
  await replace("7", timers);
  const once = await all();
  assert.equal(once.length, 3);
  await replace("7", timers);
  assert.deepEqual(await all(), once);
});

test("fifty clocks at once let each timer go off once", async () => {
  await replace("7", [timer("expiry"), reminder("a", 1, NOW), reminder("b", 1, NOW)]);
  const rows = await due();
  assert.equal(rows.length, 3);
  await Promise.all(Array.from({ length: 50 }, () => goOff(rows)));
  assert.equal((await outbox()).length, 3);
  assert.deepEqual(await due(), []);
});

test("a clock that read them before and comes after the effect was done lets nothing go off", async () => {
  await replace("7", [timer("expiry"), reminder("a", 1, NOW)]);
  const rows = await due();
  await goOff(rows);
  await db.ask("UPDATE outbox SET state = 'done'");
  await goOff(rows);
  assert.deepEqual(await db.ask("SELECT DISTINCT state FROM outbox"), [{ state: "done" }]);
});

test("a reminder that went off does not go off again, however often the page's timers are made anew", async () => {
  await replace("7", [reminder("a", 1, NOW)]);
  await goOff(await due());
  await replace("7", [reminder("a", 1, NOW)], { last: NOW - 1000 });
  await replace("7", [reminder("a", 1, NOW + 50)], { last: NOW - 1000 });
  assert.deepEqual(await due(NOW + 1000), []);
});

test("a reminder whose time had come survives an event that comes before the clock", async () => {
  await replace("7", [reminder("a", 1, NOW), reminder("a", 2, NOW + 100)]);
  await replace("7", [reminder("a", 2, NOW + 100)], { last: NOW + 10 });
  assert.deepEqual((await due(NOW + 20)).map((row) => row.nth), [1]);
});

test("whoever is asked later is not reminded of what was before", async () => {
  await replace("7", [reminder("late", 1, NOW - 5000), reminder("late", 2, NOW + 5000)], { last: NOW });
  assert.deepEqual((await all()).map((row) => row.nth), [2]);
});

test("timers of a state that was left are gone, those that went off too", async () => {
  await replace("7", [timer("expiry"), reminder("a", 1, NOW)]);
  await goOff(await due());
  await replace("7", [timer("expiry", { seq: 9, at: NOW + 7 })], { state: 9, clear: "timer/clear_decisive" });
  assert.deepEqual(await all(), [{ kind: "expiry", person: "", nth: 0, seq: 9, at: NOW + 7, fired: 0 }]);
});

test("a commit sets what moves the page anew, even if it had gone off, and leaves reminders alone", async () => {
  await replace("7", [timer("expiry"), reminder("a", 1, NOW + 50)]);
  await goOff((await due()).filter((row) => row.kind === "expiry"));
  await replace("7", [timer("expiry", { at: NOW + 9 })], { clear: "timer/clear_decisive" });
  assert.deepEqual((await all()).map((row) => [row.kind, row.at, row.fired]), [["expiry", NOW + 9, 0], ["reminder", NOW + 50, 0]]);
});

test("timers of one effect become one row", async () => {
  await replace("7", [timer("due", { detail: "a" }), timer("due", { detail: "b" })]);
  await goOff(await due());
  assert.equal((await outbox()).length, 1);
  assert.deepEqual(await due(), []);
});

test("a digest goes on from time to time, and ends when it is not wanted any more", async () => {
  await db.run("personal/put", SITE, "p", "daily");
  await db.run("zone/put", SITE, JSON.stringify([{ person: "p", zone: "Europe/Stockholm" }]), NOW);
  await db.run("timer/put_digests", SITE, JSON.stringify([{ person: "p", at: NOW }]));
  const [row] = await due();
  assert.deepEqual([row.digest, row.zone], ["daily", "Europe/Stockholm"]);
  await Promise.all(Array.from({ length: 10 }, () => goOff([row], NOW, () => NOW + 500)));
  assert.equal((await outbox()).length, 1);
  assert.deepEqual((await all("")).map((one) => [one.at, one.fired]), [[NOW + 500, 0]]);
  await goOff(await due(NOW + 500), NOW + 500);
  assert.deepEqual(await due(NOW + 9999), []);
  assert.deepEqual((await db.run("timer/lost_digests", SITE, 10)).map((one) => one.person), ["p"]);
  await db.run("timer/end_digest", SITE, "p");
  assert.deepEqual(await all(""), []);
});

test("sites come in the order of what waits longest, and nothing of another site goes off", async () => {
  await replace("7", [timer("expiry", { at: NOW })]);
  await replace("7", [timer("expiry", { at: NOW - 10 })], { site: OTHER_SITE });
  const sites = (await db.run("timer/due_sites", NOW, 10)).map((row) => row.site);
  assert.deepEqual(sites, [OTHER_SITE, SITE]);
  assert.deepEqual((await db.run("timer/due_sites", NOW - 5, 10)).map((row) => row.site), [OTHER_SITE]);
  const [theirs] = await due(NOW, OTHER_SITE);
  await goOff([{ ...theirs, at: NOW - 10 }]);
  assert.deepEqual(await outbox(), [], "the row of this site has another time, the other site's was not asked for");
  assert.equal((await due(NOW, OTHER_SITE)).length, 1);
});

test("the clock reads only what is due, by the index", async () => {
  for (const [name, args] of [["timer/due_sites", [NOW, 10]], ["timer/due", [SITE, NOW, 10]]]) {
    const plan = (await db.ask(`EXPLAIN QUERY PLAN ${sql(name)}`, ...args)).map((row) => row.detail);
    assert.ok(plan.some((step) => /timer USING (COVERING )?INDEX timer_due(_on_site)? /.test(step)), `${name}: ${plan.join("; ")}`);
    assert.ok(!plan.some((step) => /^SCAN timer$/.test(step)), plan.join("; "));
  }
});
