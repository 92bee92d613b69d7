// The guessing limit in SQL does what `engine::token::guessing` does, and no race beats it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { OTHER_SITE, SITE, database } from "./database.mjs";

const golden = JSON.parse(readFileSync(new URL("attempts.golden.json", import.meta.url), "utf8"));

let db;
before(async () => (db = await database()));
after(() => db.close());

const attempt = (person, now, nonce = null, site = SITE) =>
  db.prepare("guess/attempt", site, person, now, nonce, golden.free, golden.final, golden.firstPause, golden.longestPause);
const counter = async (person, site = SITE) => (await db.run("guess/get", site, person))[0];

test("step by step like the engine's", async () => {
  const hold = "INSERT INTO guess VALUES (?1, ?2, 0, 0, 1) ON CONFLICT DO UPDATE SET held = 1";
  for (const [number, sequence] of golden.sequences.entries()) {
    const person = `golden-${number}`;
    const step = ([what, at]) => {
      if (what === "attempt") return attempt(person, at);
      return what === "hold" ? db.d1.prepare(hold).bind(SITE, person) : db.prepare(`guess/${what}`, SITE, person);
    };
    const after = db.prepare("guess/get", SITE, person);
    const results = await db.d1.batch(sequence.flatMap((line) => [step(line), after]));
    for (const [index, [what, , admitted, failures, locked_until, held]] of sequence.entries()) {
      const place = `sequence ${number}, step ${index} (${what})`;
      const [own, read] = [results[2 * index].results, results[2 * index + 1].results[0]];
      const expected = { failures, locked_until, held };
      if (what === "attempt") assert.deepEqual(own, admitted ? [expected] : [], place);
      assert.deepEqual(read ?? { failures: 0, locked_until: 0, held: 0 }, expected, place);
    }
  }
});

test("50 at once: as many are admitted as are free, the rest are locked", async () => {
  const now = 1_795_255_200_000;
  const results = await Promise.all(Array.from({ length: 50 }, () => attempt("racer", now).run()));
  const admitted = results.flatMap((result) => result.results);
  assert.deepEqual(admitted.map((row) => row.failures).sort(), [1, 2, 3, 4, 5]);
  assert.deepEqual(await counter("racer"), { failures: 5, locked_until: now + golden.firstPause, held: 0 });
});

test("50 at once when a pause is over: one", async () => {
  const { locked_until } = await counter("racer");
  const results = await Promise.all(Array.from({ length: 50 }, () => attempt("racer", locked_until).run()));
  assert.equal(results.flatMap((result) => result.results).length, 1);
  assert.equal((await counter("racer")).failures, 6);
});

test("a missing row counts too, and each site and person for itself", async () => {
  assert.equal((await attempt("new", 1).run()).results[0].failures, 1);
  assert.equal((await attempt("new", 1, null, OTHER_SITE).run()).results[0].failures, 1);
  assert.equal((await counter("new")).failures, 1);
});

test("a challenge that was consumed is no attempt, neither the first nor a later one", async () => {
  await db.run("consumed/put", SITE, "used", "p", "d", "page/1", 1, 1, 9);
  assert.deepEqual((await attempt("p", 1, "used").run()).results, []);
  assert.equal(await counter("p"), undefined);
  assert.equal((await attempt("p", 1, "fresh").run()).results.length, 1);
  assert.deepEqual((await attempt("p", 1, "used").run()).results, []);
  assert.equal((await counter("p")).failures, 1);
  assert.equal((await attempt("p", 1, "used", OTHER_SITE).run()).results.length, 1);
});

test("a success does not end a hold, a release does", async () => {
  await db.ask("INSERT INTO guess VALUES (?1, 'l-held', 0, 0, 1), (?1, 'l-final', ?2, 0, 0)", OTHER_SITE, golden.final);
  const guesses = async (person) => (await db.run("guess/get", OTHER_SITE, person))[0];
  await db.run("guess/reset", OTHER_SITE, "l-held");
  assert.equal((await guesses("l-held")).held, 1);
  await db.run("guess/release", SITE, "l-final");
  assert.equal((await guesses("l-final")).failures, golden.final, "another site's");
  for (const person of ["l-held", "l-final"]) {
    await db.run("guess/release", OTHER_SITE, person);
    assert.deepEqual(await guesses(person), { failures: 0, locked_until: 0, held: 0 });
  }
});
