// The outbox: in order, one at a time per lane, under any number of claimants.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { OTHER_SITE, SITE, database, refusal } from "./database.mjs";

let db;
before(async () => (db = await database()));
after(() => db.close());
beforeEach(() => db.ask("DELETE FROM outbox"));

const NOW = 1_795_255_200_000;
const LEASE = 120_000;
let leases = 0;

const put = (lane, effect, site = SITE, at = NOW) => db.run("outbox/put", site, lane, `{"effect":"${effect}"}`, "key", at);
const putOnce = (lane, ...effects) =>
  db.run("outbox/put_once", SITE, JSON.stringify(effects.map((effect) => ({ lane, effect: `{"effect":"${effect}"}` }))), "key", NOW);
async function claim(now = NOW, { site = SITE, lanes = 100 } = {}) {
  const lease = `lease-${++leases}`;
  const rows = await db.run("outbox/claim", site, now, now + LEASE, lease, lanes, "no-app-token");
  return rows.sort((a, b) => a.id - b.id).map((row) => ({ ...row, effect: JSON.parse(row.effect).effect, lease }));
}
const done = (row, sets = null) => db.run("outbox/done", SITE, row.id, row.lease, sets);
const state = async (id) => (await db.ask("SELECT * FROM outbox WHERE id = ?1", id))[0];
const effects = (rows) => rows.map((row) => row.effect);

test("the oldest of each lane, and the next one only when it is done", async () => {
  await put("page/1", "a");
  await put("page/1", "b");
  await put("page/2", "c");
  const first = await claim();
  assert.deepEqual(effects(first), ["a", "c"]);
  assert.deepEqual(await claim(), []);
  await done(first[0]);
  assert.deepEqual(effects(await claim()), ["b"]);
});

test("no more lanes than asked for, the oldest row first", async () => {
  for (const lane of ["z", "y", "x"]) await put(lane, lane);
  assert.deepEqual(effects(await claim(NOW, { lanes: 2 })), ["z", "y"]);
});

test("of 50 claimants at once one gets a row", async () => {
  await put("page/1", "a");
  await put("page/1", "b");
  const claimed = (await Promise.all(Array.from({ length: 50 }, () => claim()))).flat();
  assert.deepEqual(effects(claimed), ["a"]);
  assert.equal(claimed[0].attempts, 1);
});

test("50 claimants drain five lanes in order, nothing twice", async () => {
  for (let round = 0; round < 4; round++) for (let lane = 0; lane < 5; lane++) await put(`page/${lane}`, `${lane}/${round}`);
  const carried = [];
  const open = new Set();
  const drain = async () => {
    for (let idle = 0; idle < 3; ) {
      const [row] = await claim(NOW, { lanes: 1 });
      if (!row) {
        idle++;
        continue;
      }
      const lane = row.effect.split("/")[0];
      assert.ok(!open.has(lane), `two at once in lane ${lane}`);
      open.add(lane);
      carried.push(row.effect);
      await new Promise((resolve) => setTimeout(resolve, 2));
      open.delete(lane);
      await done(row);
    }
  };
  await Promise.all(Array.from({ length: 50 }, drain));
  await drain();
  assert.equal(carried.length, 20);
  for (let lane = 0; lane < 5; lane++) {
    const own = carried.filter((effect) => effect.startsWith(`${lane}/`));
    assert.deepEqual(own, [0, 1, 2, 3].map((round) => `${lane}/${round}`));
  }
});

test("a lease that ran out is another's, and the first one can't say any more how it went", async () => {
  await put("page/1", "a");
  const [first] = await claim();
  assert.deepEqual(await claim(NOW + LEASE - 1), []);
  const [second] = await claim(NOW + LEASE);
  assert.deepEqual([second.effect, second.attempts], ["a", 2]);
  await done(first);
  for (const [name, args] of [["later", [NOW, "x"]], ["wait", [NOW, "x"]], ["fail", ["x"]]]) {
    await db.run(`outbox/${name}`, SITE, first.id, first.lease, ...args);
  }
  const row = await state(first.id);
  assert.deepEqual([row.state, row.lease_id, row.attempts], ["open", second.lease, 2]);
  assert.equal(await refusal(db.run("outbox/require_lease", SITE, first.id, first.lease)), "lease");
  await db.run("outbox/require_lease", SITE, second.id, second.lease);
});

test("a row that is tried again later keeps its lane waiting, and counts as tried", async () => {
  await put("page/1", "a");
  await put("page/1", "b");
  const [row] = await claim();
  await db.run("outbox/later", SITE, row.id, row.lease, NOW + 5000, "confluence-down");
  assert.deepEqual(await claim(NOW + 4999), []);
  const [again] = await claim(NOW + 5000);
  assert.deepEqual([again.effect, again.attempts], ["a", 2]);
});

test("waiting for a token is no try, and a token wakes it", async () => {
  await put("page/1", "a");
  await put("page/2", "b");
  const [a, b] = await claim();
  await db.run("outbox/wait", SITE, a.id, a.lease, NOW + 60_000, "no-app-token");
  await db.run("outbox/later", SITE, b.id, b.lease, NOW + 60_000, "confluence-down");
  assert.deepEqual(await claim(), []);
  await db.run("outbox/wake", OTHER_SITE, NOW, "no-app-token");
  assert.deepEqual(await claim(), []);
  await db.run("outbox/wake", SITE, NOW, "no-app-token");
  const [again] = await claim();
  assert.deepEqual([again.effect, again.attempts], ["a", 1]);
});

test("a row that waits for a token lets later ones of its lane pass, one at a time, and comes first again once it can", async () => {
  await put("page/1", "needs a token");
  await put("page/1", "copy");
  await put("page/1", "byline");
  const [row] = await claim();
  await db.run("outbox/wait", SITE, row.id, row.lease, NOW + 60_000, "no-app-token");
  const [copy, ...none] = await claim();
  assert.deepEqual([copy.effect, none], ["copy", []]);
  assert.deepEqual(await claim(), [], "somebody is at the lane");
  await done(copy);
  assert.deepEqual(effects(await claim(NOW + 60_000)), ["needs a token"]);
  assert.deepEqual(await claim(NOW + 60_000), [], "somebody is at the lane, though the row waited before");
});

test("a row given up no longer blocks its lane, is listed, and can be retried once", async () => {
  await put("page/1", "a");
  await put("page/1", "b");
  const [row] = await claim();
  await db.run("outbox/fail", SITE, row.id, row.lease, "confluence-down");
  assert.deepEqual(effects(await claim()), ["b"]);
  const [failed] = await db.run("outbox/failed", SITE, 10);
  assert.deepEqual([failed.id, failed.last_error, failed.attempts, failed.tried_at], [row.id, "confluence-down", 1, NOW]);
  assert.deepEqual(await db.run("outbox/failed", OTHER_SITE, 10), []);
  assert.deepEqual(await db.run("outbox/retry", OTHER_SITE, row.id, NOW), []);
  const retries = await Promise.all(Array.from({ length: 10 }, () => db.run("outbox/retry", SITE, row.id, NOW)));
  assert.equal(retries.flat().length, 1);
  assert.deepEqual(await db.run("outbox/failed", SITE, 10), []);
  const [again] = await claim();
  assert.deepEqual([again.id, again.attempts], [row.id, 1]);
});

test("an effect that sets something is not put twice while nobody is at it", async () => {
  await putOnce("page/1", "a");
  await putOnce("page/1", "a");
  await putOnce("page/1", "b");
  const rows = () => db.ask("SELECT effect, state FROM outbox ORDER BY id");
  assert.equal((await rows()).length, 2);
  // Somebody is at it and may have read the journal already: this one is news.
  const [row] = await claim();
  await putOnce("page/1", "a");
  await putOnce("page/1", "a");
  assert.equal((await rows()).length, 3);
  await done(row);
  await putOnce("page/1", "a");
  assert.equal((await rows()).filter((row) => row.state === "open").length, 2);
});

test("effects put together keep their order, and only those that are open already are left out", async () => {
  await putOnce("page/1", "b");
  await putOnce("page/1", "c", "b", "a");
  const rows = await db.ask("SELECT effect FROM outbox ORDER BY id");
  assert.deepEqual(rows.map((row) => JSON.parse(row.effect).effect), ["b", "c", "a"]);
});

test("what never waited for a token comes before what did", async () => {
  await put("page/1", "waits");
  const [row] = await claim();
  await db.run("outbox/wait", SITE, row.id, row.lease, NOW, "no-app-token");
  await put("page/2", "copy");
  assert.deepEqual(effects(await claim(NOW, { lanes: 1 })), ["copy"]);
  assert.deepEqual(effects(await claim(NOW, { lanes: 1 })), ["waits"]);
});

test("what a later row sets, an earlier one that was given up need not set any more", async () => {
  await put("page/1", "a");
  await put("page/1", "b");
  for (let index = 0; index < 2; index++) {
    const [row] = await claim();
    await db.run("outbox/fail", SITE, row.id, row.lease, "x");
  }
  await put("page/1", "a");
  const [row] = await claim();
  await done(row, '{"effect":"a"}');
  assert.deepEqual((await db.run("outbox/failed", SITE, 10)).map((failed) => failed.effect), ['{"effect":"b"}']);
});

test("nothing of another site is claimed, and sites with something due are found", async () => {
  await put("page/1", "a", SITE, NOW + 10);
  await put("page/1", "b", OTHER_SITE, NOW);
  assert.deepEqual(effects(await claim(NOW + 10)), ["a"]);
  await put("page/1", "c", SITE, NOW + 99);
  const due = async (now) => (await db.run("outbox/due_sites", now, 10)).map((row) => row.site);
  assert.deepEqual(await due(NOW - 1), []);
  assert.deepEqual(await due(NOW), [OTHER_SITE]);
  assert.deepEqual(await due(NOW + 99), [OTHER_SITE, SITE]);
});

test("only what was carried out long ago is swept away", async () => {
  await put("page/1", "a");
  await put("page/2", "b");
  const [row] = await claim();
  await done(row);
  await db.run("sweep/outbox", SITE, NOW);
  assert.equal((await db.ask("SELECT COUNT(*) AS n FROM outbox"))[0].n, 2);
  await db.run("sweep/outbox", SITE, NOW + 1);
  assert.deepEqual(await db.ask("SELECT lane FROM outbox"), [{ lane: "page/2" }]);
});
