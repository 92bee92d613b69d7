// The statements of a decision, an unlock and what may come in between, on a real SQLite, in thousands of orders drawn from
// a seed. What is played here is only how the edge puts its batches together (edge/src/handlers/decision.rs); the SQL is
// the edge's own. tests/attacks/interleavings.test.mjs does the same with the whole Worker, and far fewer times.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { MIGRATIONS, ROOT } from "../../support/place.mjs";
import { chance } from "../../support/race.mjs";

const SCHEDULES = Number(process.env.SCHEDULES ?? 3000);
const SEED = Number(process.env.INTERLEAVING_SEED ?? 4711);
const [FREE, FINAL, FIRST_PAUSE, LONGEST_PAUSE] = [5, 50, 60_000, 3_600_000];
const NOW = 1_795_255_200_000;
/** How often a lost race is run again: the edge's ROUNDS. */
const ROUNDS = 16;

const database = new DatabaseSync(":memory:");
for (const name of readdirSync(MIGRATIONS).filter((file) => file.endsWith(".sql")).sort()) database.exec(readFileSync(path.join(MIGRATIONS, name), "utf8"));

const prepared = new Map();
/** A statement of the edge's, with as many of the arguments as it takes. */
function statement(name, ...args) {
  if (!prepared.has(name)) {
    const sql = readFileSync(path.join(ROOT, "edge/src/store/sql", `${name}.sql`), "utf8");
    const places = sql.replace(/--.*$/gm, "").match(/\?(\d+)/g) ?? [];
    prepared.set(name, { sql: database.prepare(sql), takes: Math.max(...places.map((one) => Number(one.slice(1)))) });
  }
  const { sql, takes } = prepared.get(name);
  assert.ok(args.length >= takes, `${name} takes ${takes} values`);
  return () => sql.all(...args.slice(0, takes));
}
const raw = (text, ...args) => () => database.prepare(text).all(...args);

/** What a batch may be refused for. */
const WORDS = ["nonce", "held", "policy", "factor", "step", "head"];

/** All or none, as D1 does it: the rows of each statement, or the word it was refused with. */
function batch(statements) {
  database.exec("BEGIN");
  try {
    const rows = statements.map((run) => run());
    database.exec("COMMIT");
    return { rows };
  } catch (error) {
    database.exec("ROLLBACK");
    if (!String(error.code).startsWith("ERR_SQLITE")) throw error;
    const word = /consumed\.nonce/.test(error.message) ? "nonce" : error.message === "seq" ? "head" : error.message;
    assert.ok(WORDS.includes(word), `refused for another reason: ${error.message}`);
    return { refused: word };
  }
}

const PEOPLE = ["jonas", "priya", "sam"];
const stream = (page) => `page/${page}`;
const headOf = (site, of) => raw("SELECT COALESCE(MAX(seq), 0) AS seq FROM journal WHERE site = ? AND stream = ?", site, of);
const entriesOf = (site, of) => raw("SELECT seq, kind, entry FROM journal WHERE site = ? AND stream = ? ORDER BY seq", site, of);
const entry = (kind, { by, ...event }) => JSON.stringify({ actor: { is: "person", account: by }, event: { kind, by: { account: by }, ...event } });
const append = (site, of, seq, kind, event) => statement("journal/append", site, of, seq, NOW, kind, entry(kind, event), "leaf");
const fact = (site, of, kind, event) => statement("journal/append_fact", site, of, NOW, kind, entry(kind, event), "leaf");

function begin(site, failures) {
  const made = batch([
    append(site, "policy", 1, "policy-set", {}),
    ...["1", "2"].map((page) => append(site, stream(page), 1, "submitted", {})),
    ...PEOPLE.map((person) => raw("INSERT INTO factor (site, person, id, kind, secret, last_step, active, enrolled_at) VALUES (?, ?, 'f', 'totp', '', 10, 1, 0)", site, person)),
    raw("INSERT INTO guess (site, person, failures, locked_until, held) VALUES (?, 'jonas', ?, 0, 0)", site, failures),
  ]);
  assert.ok(made.rows, made.refused);
}

/** The batch that counts and reads, and what is known after it. */
function* loading(site, person, nonce, page) {
  const { rows } = yield [
    statement("consumed/get", site, nonce),
    statement("guess/attempt", site, person, NOW, nonce, FREE, FINAL, FIRST_PAUSE, LONGEST_PAUSE),
    headOf(site, "policy"),
    statement("factor/of_person", site, person),
    ...(page ? [entriesOf(site, stream(page))] : []),
  ];
  const [[used], [admitted], [{ seq: policy }], [factor], entries] = rows;
  return { used, admitted: Boolean(admitted), policy, factor, entries };
}

/** Compares the code: the refusal, or nothing. A code is its step; 0 is a wrong one. */
function* comparing(site, person, { admitted, factor }, code) {
  if (!admitted) return "locked";
  if (!factor) return "no-factor";
  if (code > factor.last_step) return undefined;
  yield [fact(site, `person-facts/${person}`, "attempt-failed", { by: person, code })];
  return code === 0 ? "wrong-code" : "code-used";
}

const proving = (site, person, nonce, code, policy) => [
  statement("require/nonce", site, nonce),
  statement("require/not_held", site, person),
  statement("require/head", site, "policy", policy, "policy"),
  statement("require/factor", site, person, "f", NOW),
  statement("require/step", site, person, "f", code),
  statement("factor/advance", site, person, "f", code, NOW),
  statement("guess/reset", site, person),
];

const mayDecide = (entries, person) =>
  !entries.some(({ kind, entry }) => kind === "edited" || (kind === "decided" && JSON.parse(entry).actor.account === person));

function* decide({ site, person, page, nonce, code }) {
  let known = yield* loading(site, person, nonce, page);
  if (known.used) return "repeated";
  const refusal = yield* comparing(site, person, known, code);
  if (refusal) return refusal;
  let { policy, entries } = known;
  for (let round = 0; round < ROUNDS; round += 1) {
    if (round > 0) {
      const { rows } = yield [headOf(site, "policy"), entriesOf(site, stream(page))];
      [[{ seq: policy }], entries] = rows;
    }
    if (!mayDecide(entries, person)) return "wrong-state";
    const seq = entries.length + 1;
    const { refused } = yield [
      ...proving(site, person, nonce, code, policy),
      statement("consumed/put", site, nonce, person, nonce, stream(page), seq, NOW, NOW + 300_000),
      statement("require/head", site, stream(page), seq - 1, "head"),
      append(site, stream(page), seq, "decided", { by: person, nonce, code, policy }),
    ];
    if (!refused) return "recorded";
    if (refused !== "head") return refused;
  }
  return "busy";
}

function* unlock({ site, person, subject, nonce, code }) {
  const known = yield* loading(site, person, nonce);
  if (known.used) return "repeated";
  const refusal = yield* comparing(site, person, known, code);
  if (refusal) return refusal;
  const of = `person-facts/${subject}`;
  const { refused } = yield [
    ...proving(site, person, nonce, code, known.policy),
    fact(site, of, "unlocked", { by: person, nonce, code }),
    statement("consumed/put", site, nonce, person, nonce, of, 1, NOW, NOW + 300_000),
    statement("guess/release", site, subject),
  ];
  return refused ?? "unlocked";
}

function* hold({ site }) {
  const { rows } = yield [raw("UPDATE guess SET held = 1 WHERE site = ? AND person = 'jonas' RETURNING failures", site)];
  return rows ? "done" : "refused";
}
function* revoke({ site }) {
  yield [raw("UPDATE factor SET active = 0 WHERE site = ? AND person = 'jonas'", site)];
  return "done";
}
function* change({ site }) {
  yield [fact(site, "policy", "policy-set", {})];
  return "done";
}
function* edit({ site, page }) {
  yield [fact(site, stream(page), "edited", {})];
  return "done";
}

const ACTS = { decide, unlock, hold, revoke, change, edit };

/** Who takes part: codes are steps 11 and 12 (good, once), 9 (used), 0 (wrong). */
function cast(dice) {
  const code = () => [11, 11, 12, 9, 0, 0][dice.below(6)];
  const page = () => String(1 + dice.below(2));
  const one = () => {
    const kind = dice.below(14);
    if (kind < 8) {
      const on = page();
      const person = kind < 6 ? "jonas" : "priya";
      // Two challenges a person and page; each is pressed more than once.
      return { act: "decide", person, page: on, nonce: `${person} ${on} ${dice.below(2)}`, code: code() };
    }
    if (kind < 10) return { act: "unlock", person: "sam", subject: "jonas", nonce: `unlock ${dice.below(2)}`, code: code() };
    return { act: ["hold", "revoke", "change", "edit"][kind - 10], page: page() };
  };
  return Array.from({ length: 2 + dice.below(7) }, one);
}

/** Runs the actors in the order the numbers say; what became of each, and when each was at the database. */
function play(site, failures, actors, numbers) {
  begin(site, failures);
  const running = actors.map((actor) => ({ steps: ACTS[actor.act]({ site, ...actor }), answer: undefined, result: undefined }));
  const order = [];
  for (let turn = 0; ; turn += 1) {
    const open = running.filter((one) => one.result === undefined);
    if (open.length === 0) return { results: running.map((one) => one.result), order };
    const one = open[numbers[turn % numbers.length] % open.length];
    const { value, done } = one.steps.next(one.answer);
    if (done) one.result = value;
    else {
      one.answer = batch(value);
      order.push({ actor: running.indexOf(one), refused: one.answer.refused });
    }
  }
}

function judge(site, failures, actors, { results, order }) {
  const rows = database.prepare("SELECT stream, seq, kind, entry FROM journal WHERE site = ? AND kind IN ('decided', 'unlocked')").all(site);
  const events = rows.map((row) => ({ ...row, ...JSON.parse(row.entry).event, by: JSON.parse(row.entry).actor.account }));
  const twice = (of) => new Set(events.map(of)).size !== events.length;
  assert.ok(!twice(({ by, code }) => `${by} ${code}`), "a code counted twice");
  assert.ok(!twice(({ nonce }) => nonce), "a challenge led to two entries");
  assert.equal(events.length, results.filter((one) => ["recorded", "unlocked"].includes(one)).length, "an answer without its entry");
  for (const { by, code, nonce, stream: of, seq, kind } of events) {
    assert.ok(code > 10, "recorded with a code that is not good");
    const [used] = database.prepare("SELECT * FROM consumed WHERE site = ? AND nonce = ?").all(site, nonce);
    assert.ok(used && used.person === by && used.stream === of, "recorded without its challenge");
    assert.ok(kind === "unlocked" || used.seq === seq, "the challenge is of another entry");
    const [{ last_step }] = database.prepare("SELECT last_step FROM factor WHERE site = ? AND person = ?").all(site, by);
    assert.ok(last_step >= code, "an accepted code was forgotten");
  }
  const decided = events.filter(({ kind }) => kind === "decided");
  assert.equal(new Set(decided.map(({ by, stream: of }) => `${by} ${of}`)).size, decided.length, "one person decided twice");
  // Nothing of Jonas' after he was held or lost his factor, unless an admin released him in between.
  const last = (index) => order.findLastIndex((one) => one.actor === index);
  const released = actors.flatMap((_, index) => (results[index] === "unlocked" ? [last(index)] : []));
  for (const [index, { act }] of actors.entries()) {
    if (act !== "hold" && act !== "revoke") continue;
    for (const [other, actor] of actors.entries()) {
      if (actor.person !== "jonas" || results[other] !== "recorded" || last(other) < last(index)) continue;
      assert.ok(act === "hold" && released.some((at) => at > last(index) && at < last(other)), `recorded after: ${act}`);
    }
  }
  for (const [index, { act, page }] of actors.entries()) {
    if (act !== "edit") continue;
    const after = actors.some((actor, other) => actor.page === page && results[other] === "recorded" && last(other) > last(index));
    assert.ok(!after, "recorded on a page that was edited");
  }
  // The pause a guess begins is longer than any of this takes: no more comparisons than were free.
  const compared = results.filter((one, index) => actors[index].person === "jonas" && ["wrong-code", "code-used", "recorded", "step"].includes(one)).length;
  const successes = decided.filter(({ by }) => by === "jonas").length + released.length;
  const free = failures >= FINAL ? 0 : Math.max(1, FREE - failures);
  assert.ok(compared <= free + FREE * successes + successes, `${compared} comparisons with ${free} free and ${successes} successes`);
}

let sites = 0;
const broken = (failures, actors, numbers) => {
  const site = `site-${(sites += 1)}`;
  try {
    judge(site, failures, actors, play(site, failures, actors, numbers));
    return undefined;
  } catch (error) {
    return error;
  }
};

test(`${SCHEDULES} orders of up to eight requests break nothing`, () => {
  const dice = chance(SEED);
  const tally = {};
  for (let round = 0; round < SCHEDULES; round += 1) {
    const failures = [0, 0, 2, 4, 5, FINAL][dice.below(6)];
    let actors = cast(dice);
    const numbers = dice.numbers(40);
    let error = broken(failures, actors, numbers);
    if (error) {
      // The fewest actors with whom it still happens.
      for (let index = 0; index < actors.length; ) {
        const fewer = actors.toSpliced(index, 1);
        const still = broken(failures, fewer, numbers);
        if (still) [actors, error] = [fewer, still];
        else index += 1;
      }
      const { results, order } = play(`site-${(sites += 1)}`, failures, actors, numbers);
      throw new Error(`${error.message}\nround ${round} of seed ${SEED}, ${failures} failures: ${JSON.stringify(actors)}\n${JSON.stringify({ results, order })}`);
    }
    const site = `site-${sites}`;
    for (const { kind } of database.prepare("SELECT kind FROM journal WHERE site = ?").all(site)) tally[kind] = (tally[kind] ?? 0) + 1;
  }
  for (const kind of ["decided", "unlocked", "attempt-failed", "edited"]) assert.ok(tally[kind] > SCHEDULES / 50, `too tame: ${JSON.stringify(tally)}`);
});
