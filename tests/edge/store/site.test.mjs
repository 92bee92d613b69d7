// The installation, the admins, the lists, and what is swept away.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { OTHER_SITE, SITE, allSql, database } from "./database.mjs";

let db;
before(async () => (db = await database()));
after(() => db.close());

const heard = (token, exp, now, more = {}) =>
  db.run("installation/heard", SITE, "inst", "cloud", token, exp, now, more.licence ?? 1, more.by ?? null);
const installation = async () => (await db.run("installation/get", SITE))[0];

test("every statement is one D1 understands, with as many arguments as it names", async () => {
  for (const { name, text } of allSql()) {
    const last = Math.max(0, ...[...text.replaceAll(/--.*$/gm, "").matchAll(/\?(\d+)/g)].map((match) => Number(match[1])));
    const args = Array.from({ length: last }, () => null);
    const plan = db.d1.prepare(`EXPLAIN ${text.replaceAll(/^--.*$/gm, "")}`).bind(...args);
    await assert.doesNotReject(plan.run(), name);
  }
});

test("every query of a site is answered through an index", async () => {
  for (const { name, text } of allSql()) {
    const bare = text.replaceAll(/^--.*$/gm, "");
    const last = Math.max(0, ...[...bare.matchAll(/\?(\d+)/g)].map((match) => Number(match[1])));
    const plan = await db.d1.prepare(`EXPLAIN QUERY PLAN ${bare}`).bind(...Array.from({ length: last }, () => null)).run();
    for (const { detail } of plan.results) {
      // Lists handed over as JSON, sub-selects, and the view have no index of their own.
      const scans = detail.startsWith("SCAN ") && !detail.includes(" INDEX ");
      const own = /^SCAN (json_each|json_tree|tree|oldest|sealed|require|\(|CONSTANT)/.test(detail);
      assert.ok(!scans || own, `${name}: ${detail}`);
    }
  }
});

test("a token replaces only one that ends earlier", async () => {
  await heard(null, null, 10, { by: "installer" });
  assert.deepEqual(await installation(), {
    installation: "inst", cloud_id: "cloud", app_token_sealed: null, token_exp: null, app_account: null,
    last_heard_at: 10, licence_active: 1, installed_by: "installer",
  });
  await heard(null, null, 15);
  assert.equal((await installation()).token_exp, null);
  await heard("t1", 500, 20);
  await heard("older", 400, 30);
  await heard(null, null, 25, { licence: 0 });
  const now = await installation();
  assert.deepEqual([now.app_token_sealed, now.token_exp, now.last_heard_at, now.licence_active, now.installed_by], ["t1", 500, 30, 0, "installer"]);
  await db.run("installation/forget_token", SITE, "another");
  assert.equal((await installation()).app_token_sealed, "t1");
  await db.run("installation/forget_token", SITE, "t1");
  assert.deepEqual([(await installation()).app_token_sealed, (await installation()).token_exp], [null, null]);
  await heard("t2", 300, 40);
  assert.equal((await installation()).app_token_sealed, "t2");
  assert.deepEqual(await db.run("installation/get", OTHER_SITE), []);
});

test("the admins known: who installed the app, then who was seen last", async () => {
  await db.run("admin/seen", SITE, "a", 100);
  await db.run("admin/seen", SITE, "b", 200);
  await db.run("admin/seen", SITE, "installer", 50);
  await db.run("admin/seen", SITE, "a", 300);
  await db.run("admin/seen", SITE, "gone", 5);
  await db.run("admin/seen", OTHER_SITE, "z", 300);
  const admins = async (limit) => (await db.run("admin/all", SITE, 10, limit)).map((row) => row.person);
  assert.deepEqual(await admins(10), ["installer", "a", "b"]);
  assert.deepEqual(await admins(2), ["installer", "a"]);
});

test("a row for lists is never set back", async () => {
  const put = (page, space, entered, seq) =>
    db.run("dashboard/put", SITE, page, space, '{"id":"draft"}', 1, null, 0, "[]", entered, seq, "w", 1, null, null, 0);
  await put("1", "s", 10, 2);
  await put("1", "s", 5, 1);
  await put("2", "s", 20, 1);
  await put("3", "other", 30, 1);
  const rows = await db.run("dashboard/of_space", SITE, "s", 10);
  assert.deepEqual(rows.map((row) => [row.page, row.entered_at, row.seq]), [["2", 20, 1], ["1", 10, 2]]);
  assert.deepEqual(await db.run("dashboard/of_space", OTHER_SITE, "s", 10), []);
});

test("what was written into the byline is remembered, also half-way", async () => {
  const memory = async () => (await db.run("byline/get", SITE, "1"))[0];
  await db.run("byline/writing", SITE, "1", "v1", null);
  assert.deepEqual(await memory(), { written: null, writing: "v1", reported: null });
  await db.run("byline/written", SITE, "1", "v1");
  assert.deepEqual(await memory(), { written: "v1", writing: null, reported: null });
  await db.run("byline/writing", SITE, "1", "v2", "forged");
  await db.run("byline/writing", SITE, "1", "v2", null);
  assert.deepEqual(await memory(), { written: "v1", writing: "v2", reported: "forged" });
  await db.run("byline/written", SITE, "1", "v2");
  assert.deepEqual(await memory(), { written: "v2", writing: null, reported: null });
});

test("only what ran out is swept away, on its own site", async () => {
  for (const site of [SITE, OTHER_SITE]) {
    await db.run("consumed/put", site, "old", "p", "d", "s", 1, 1, 99);
    await db.run("consumed/put", site, "new", "p", "d", "s", 1, 1, 100);
    await db.run("enrolment/begin", site, "old", "e", "mailed", "totp", "", null, null, "h", "c", null, 1, 99);
    await db.run("enrolment/begin", site, "new", "e", "mailed", "totp", "", null, null, "h", "c", null, 1, 100);
    await db.run("mail/ask", site, "p", "old", 99);
    await db.run("mail/ask", site, "p", "new", 100);
  }
  for (const table of ["consumed", "enrolment", "mail"]) await db.run(`sweep/${table}`, SITE, 100);
  const left = async (text) => (await db.ask(text)).map((row) => row.x);
  assert.deepEqual(await left(`SELECT nonce AS x FROM consumed WHERE site = '${SITE}'`), ["new"]);
  assert.deepEqual(await left(`SELECT person AS x FROM enrolment WHERE site = '${SITE}'`), ["new"]);
  assert.deepEqual(await left(`SELECT id AS x FROM mail_asked WHERE site = '${SITE}'`), ["new"]);
  assert.deepEqual(await left(`SELECT COUNT(*) AS x FROM consumed WHERE site = '${OTHER_SITE}'`), [2]);
});
