// The journal refuses everything but the next entry, however it is asked.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { OTHER_SITE, SITE, database, refusal } from "./database.mjs";

let db;
before(async () => (db = await database()));
after(() => db.close());

// Streams of their own for each test: nothing can be deleted here.
let count = 0;
let stream;
beforeEach(() => (stream = `page/${++count}`));

const INSERT = "INTO journal (site, stream, seq, position, at, kind, entry, leaf) VALUES (?1, ?2, ?3, ?4, 1, 'test', '{}', 'leaf')";
const rows = () => db.ask("SELECT seq, position, entry FROM journal WHERE site = ?1 ORDER BY position", SITE);
const next = async () => (await rows()).length;

test("entries follow each other without a gap", async () => {
  await db.d1.batch([db.append(stream, 1), db.append(stream, 2), db.append(`${stream}/b`, 1), db.append(stream, 3)]);
  const stored = await rows();
  assert.deepEqual(stored.map((row) => row.position), stored.map((_, index) => index));
  assert.deepEqual((await db.run("journal/since", SITE, stream, 1)).map((row) => row.seq), [2, 3]);
  assert.equal((await db.run("journal/head", SITE, stream))[0].seq, 3);
  assert.equal((await db.run("journal/head_seq", SITE, stream))[0].seq, 3);
  assert.equal((await db.run("journal/head_seq", SITE, "nowhere"))[0].seq, null);
});

test("a seq that is taken, skipped, zero or negative is refused", async () => {
  await db.append(stream, 1).run();
  for (const seq of [1, 3, 0, -1]) assert.equal(await refusal(db.append(stream, seq).run()), "seq", String(seq));
  assert.equal((await db.run("journal/head_seq", SITE, stream))[0].seq, 1);
});

test("a position that is taken, skipped or negative is refused", async () => {
  const free = await next();
  for (const position of [0, free - 1, free + 1, -1]) {
    const word = await refusal(db.ask(`INSERT ${INSERT}`, SITE, stream, 1, position));
    assert.equal(word, "position", String(position));
  }
  await db.ask(`INSERT ${INSERT}`, SITE, stream, 1, free);
});

for (const [name, statement] of [
  ["REPLACE", `REPLACE ${INSERT}`],
  ["INSERT OR REPLACE", `INSERT OR REPLACE ${INSERT}`],
  ["INSERT OR IGNORE", `INSERT OR IGNORE ${INSERT}`],
  ["INSERT OR FAIL", `INSERT OR FAIL ${INSERT}`],
  ["INSERT OR ABORT", `INSERT OR ABORT ${INSERT}`],
  ["an upsert that does nothing", `INSERT ${INSERT} ON CONFLICT DO NOTHING`],
  ["an upsert that updates", `INSERT ${INSERT} ON CONFLICT (site, stream, seq) DO UPDATE SET entry = 'forged'`],
  ["an upsert on the position", `INSERT ${INSERT} ON CONFLICT (site, position) DO UPDATE SET entry = 'forged'`],
]) {
  test(`${name} changes no entry`, async () => {
    await db.d1.batch([db.append(stream, 1), db.append(stream, 2)]);
    const before = await rows();
    const [{ position }] = await db.ask("SELECT position FROM journal WHERE site = ?1 AND stream = ?2 AND seq = 1", SITE, stream);
    // The same row; the same seq at a new position; a new seq at the old position.
    assert.equal(await refusal(db.ask(statement, SITE, stream, 1, position)), "seq");
    assert.equal(await refusal(db.ask(statement, SITE, stream, 1, before.length)), "seq");
    assert.equal(await refusal(db.ask(statement, SITE, stream, 3, position)), "position");
    assert.deepEqual(await rows(), before);
  });
}

test("there is no hidden row id to replace an entry by", async () => {
  await db.append(stream, 1).run();
  await assert.rejects(db.ask("INSERT OR REPLACE INTO journal (rowid, site) VALUES (1, 'x')"), /no column named rowid/);
});

test("UPDATE and DELETE are refused", async () => {
  await db.append(stream, 1).run();
  const before = await rows();
  for (const statement of [
    "UPDATE journal SET entry = 'forged'",
    "UPDATE journal SET entry = entry WHERE seq = 1",
    "UPDATE OR REPLACE journal SET seq = 1",
    "UPDATE OR IGNORE journal SET position = 0",
    "DELETE FROM journal",
    "DELETE FROM journal WHERE seq = 1",
  ]) {
    assert.equal(await refusal(db.ask(statement)), "append-only", statement);
  }
  assert.deepEqual(await rows(), before);
});

test("an entry without a body is refused", async () => {
  const statement = INSERT.replace("'{}'", "NULL");
  assert.equal(await refusal(db.ask(`INSERT ${statement}`, SITE, stream, 1, await next())), "entry");
});

test("a refused entry takes its whole batch with it", async () => {
  const before = await rows();
  assert.equal(await refusal(db.d1.batch([db.append(stream, 1), db.append(stream, 2), db.append(stream, 2)])), "seq");
  assert.deepEqual(await rows(), before);
});

test("of 50 decisions at once on one head exactly one is recorded", async () => {
  await db.append(stream, 1).run();
  const decide = () => refusal(db.d1.batch([db.prepare("require/head", SITE, stream, 1, "head"), db.append(stream, 2)]));
  const words = await Promise.all(Array.from({ length: 50 }, decide));
  assert.equal(words.filter((word) => word === undefined).length, 1);
  assert.equal(words.filter((word) => word === "head").length, 49);
});

test("50 facts at once are 50 entries without gap or fork", async () => {
  const before = await next();
  const fact = (number) => db.run("journal/append_fact", SITE, stream, 1, "test", `{"n":${number}}`, "leaf");
  await Promise.all(Array.from({ length: 50 }, (_, number) => fact(number)));
  const stored = await db.run("journal/since", SITE, stream, 0);
  assert.deepEqual(stored.map((row) => row.seq), Array.from({ length: 50 }, (_, index) => index + 1));
  assert.equal(new Set(stored.map((row) => row.entry)).size, 50);
  assert.deepEqual((await rows()).slice(before).map((row) => row.position), stored.map((_, index) => before + index));
});

test("each site counts for itself", async () => {
  const other = () => db.ask("SELECT position FROM journal WHERE site = ?1 AND stream = ?2", OTHER_SITE, stream);
  const start = (await db.ask("SELECT COUNT(*) AS n FROM journal WHERE site = ?1", OTHER_SITE))[0].n;
  await db.d1.batch([db.append(stream, 1), db.append(stream, 1, OTHER_SITE), db.append(stream, 2)]);
  assert.deepEqual(await other(), [{ position: start }]);
  assert.equal((await db.run("journal/head_seq", OTHER_SITE, stream))[0].seq, 1);
});

test("what a snapshot does not hold is read with it, and everything if its format is foreign", async () => {
  await db.d1.batch([db.append(stream, 1), db.append(stream, 2), db.append(stream, 3)]);
  await db.run("snapshot/put", SITE, stream, 2, 1, '{"workflow":"w"}');
  assert.deepEqual((await db.run("journal/since_snapshot", SITE, stream, 1)).map((row) => row.seq), [3]);
  assert.deepEqual((await db.run("journal/since_snapshot", SITE, stream, 2)).map((row) => row.seq), [1, 2, 3]);
  assert.equal((await db.run("snapshot/get", SITE, stream, 1)).length, 1);
  assert.equal((await db.run("snapshot/get", SITE, stream, 2)).length, 0);
});

test("an older snapshot does not replace a newer one", async () => {
  await db.run("snapshot/put", SITE, stream, 5, 1, '{"at":5}');
  await db.run("snapshot/put", SITE, stream, 4, 1, '{"at":4}');
  assert.equal((await db.run("snapshot/get", SITE, stream, 1))[0].fold, '{"at":5}');
  await db.run("snapshot/put", SITE, stream, 3, 2, '{"format":2}');
  assert.equal((await db.run("snapshot/get", SITE, stream, 2))[0].seq, 3);
});

test("the version of the workflow a page's row names comes with the page", async () => {
  const workflow = `workflow/w${count}`;
  await db.d1.batch([db.append(workflow, 1), db.append(workflow, 2), db.append(workflow, 1, OTHER_SITE)]);
  const row = (page, version, site = SITE) =>
    db.run("dashboard/put", site, page, "s", "{}", 1, null, 0, "[]", 1, 1, `w${count}`, version, null, null, 0);
  const [page, other] = [`p${count}`, `q${count}`];
  await row(page, 1);
  await row(other, 7);
  await row(page, 1, OTHER_SITE);
  const found = async (of, site = SITE) => (await db.run("workflow/of_page", site, of)).map((one) => [one.stream, one.seq, one.head]);
  assert.deepEqual(await found(page), [[workflow, 1, 2]]);
  assert.deepEqual(await found(page, OTHER_SITE), [[workflow, 1, 1]]);
  assert.deepEqual(await found(other), [], "a version that is not in the journal");
  assert.deepEqual(await found("never seen"), []);
  const version = async (seq) => (await db.run("workflow/version", SITE, workflow, seq)).map((one) => [one.seq, one.head]);
  assert.deepEqual([await version(1), await version(2), await version(3)], [[[1, 2]], [[2, 2]], []]);
  assert.deepEqual((await db.run("workflow/newest", SITE, workflow)).map((one) => [one.seq, one.head]), [[2, 2]]);
});

test("the texts a page shows come with its snapshot", async () => {
  const fold = {
    history: [{ who: { text: "t1", commitment: "c" }, comment: null }, { who: null, comment: { text: "t2", commitment: "c" } }],
  };
  await db.run("snapshot/put", SITE, stream, 1, 1, JSON.stringify(fold));
  const texts = (...ids) => JSON.stringify(ids.map((id) => ({ id, salt: "00", body: `body of ${id}` })));
  await db.run("text/put", SITE, texts("t1", "t2", "t3"));
  await db.run("text/put", OTHER_SITE, texts("t1"));
  const shown = [{ id: "t1", body: "body of t1" }, { id: "t2", body: "body of t2" }];
  assert.deepEqual(await db.run("text/of_snapshot", SITE, stream), shown);
  assert.deepEqual(await db.run("text/of_ids", SITE, '["t1","t2","gone"]'), shown);
  await db.run("snapshot/put", SITE, `${stream}/damaged`, 1, 1, "not JSON");
  assert.deepEqual(await db.run("text/of_snapshot", SITE, `${stream}/damaged`), []);
  await db.ask("UPDATE text SET body = NULL, salt = NULL, erased_at = 1 WHERE site = ?1 AND id = 't1'", SITE);
  assert.deepEqual(await db.run("text/of_snapshot", SITE, stream), shown.slice(1));
});
