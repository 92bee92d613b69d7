// Preconditions: what does not hold any more undoes the whole batch, and says what it was.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { OTHER_SITE, SITE, allSql, database, refusal } from "./database.mjs";

let db;
before(async () => (db = await database()));
after(() => db.close());

const marks = async () => (await db.ask("SELECT COUNT(*) AS n FROM mail_asked"))[0].n;
let id = 0;

/** Runs a precondition in the middle of a batch that leaves marks, and checks that they stay or go together. */
async function word(name, ...args) {
  const mark = () => db.prepare("mail/ask", "marks", "p", `m${++id}`, 1);
  const before = await marks();
  const refused = await refusal(db.d1.batch([mark(), db.prepare(name, ...args), mark()]));
  assert.equal(await marks(), before + (refused === undefined ? 2 : 0));
  return refused;
}

test("only 1 is yes", async () => {
  const insert = "INSERT INTO require (ok, what) VALUES (?1, 'no')";
  await db.ask(insert, 1);
  for (const no of [0, 2, -1, null, "", "yes"]) assert.equal(await refusal(db.ask(insert, no)), "no", String(no));
  await db.ask("INSERT INTO require (ok, what) SELECT 1, 'x' WHERE 0");
  // A question without an answer is no yes either.
  assert.equal(await refusal(db.ask("INSERT INTO require (ok, what) SELECT (SELECT 1 WHERE 0), 'no'")), "no");
});

test("a stream's head", async () => {
  await db.d1.batch([db.append("page/1", 1), db.append("page/1", 2)]);
  assert.equal(await word("require/head", SITE, "page/1", 2, "head"), undefined);
  assert.equal(await word("require/head", SITE, "page/1", 1, "head"), "head");
  assert.equal(await word("require/head", SITE, "page/1", 3, "workflow"), "workflow");
  assert.equal(await word("require/head", SITE, "page/new", 0, "head"), undefined);
  assert.equal(await word("require/head", OTHER_SITE, "page/1", 2, "head"), "head");
});

/** A factor that ends at 1000. */
const factor = (person) => db.run("factor/put", SITE, person, "f", "totp", "sealed", 100, 1, "", 1000);

test("a factor, its end and its last step", async () => {
  await factor("p");
  assert.equal(await word("require/factor", SITE, "p", "f", 999), undefined);
  assert.equal(await word("require/factor", SITE, "p", "f", 1000), "factor");
  for (const [site, person, factor] of [[OTHER_SITE, "p", "f"], [SITE, "q", "f"], [SITE, "p", "g"]]) {
    assert.equal(await word("require/factor", site, person, factor, 1), "factor");
    assert.equal(await word("require/step", site, person, factor, 999), "step");
  }
  assert.equal(await word("require/step", SITE, "p", "f", 101), undefined);
  assert.equal(await word("require/step", SITE, "p", "f", 100), "step");
  assert.equal(await word("require/step", SITE, "p", "f", 99), "step");
  assert.equal(await word("require/no_factor", SITE, "p", 999), "factor-exists");
  assert.equal(await word("require/no_factor", SITE, "p", 1000), undefined, "what is over is none");
  assert.equal(await word("require/no_factor", SITE, "q", 1), undefined);
  assert.equal(await word("require/room_for_factor", SITE, "p", 2, ""), undefined);
  assert.equal(await word("require/room_for_factor", SITE, "p", 1, ""), "room");
  assert.equal(await word("require/room_for_factor", SITE, "p", 1, "f"), undefined, "the one whose place is taken makes room");
  await db.run("factor/end", SITE, "p", "f", 5);
  assert.equal(await word("require/factor", SITE, "p", "f", 1), "factor");
  assert.equal(await word("require/no_factor", SITE, "p", 1), undefined);
});

test("a recovery code: of this person, once", async () => {
  const found = (person, ...hmacs) => db.run("recovery_code/find", SITE, person, JSON.stringify(hmacs));
  await db.run("recovery_code/put", SITE, "p", JSON.stringify([{ id: "c1", hmac: "k.1" }, { id: "c2", hmac: "k.2" }]), 7);
  assert.deepEqual(await found("p", "old.1", "k.1"), [{ id: "c1", used: 0 }]);
  assert.deepEqual(await found("q", "k.1"), []);
  assert.equal(await word("require/recovery_code", SITE, "p", "c1"), undefined);
  assert.equal(await word("require/recovery_code", SITE, "q", "c1"), "recovery");
  assert.equal(await word("require/recovery_code", OTHER_SITE, "p", "c1"), "recovery");
  const use = () => refusal(db.d1.batch([db.prepare("require/recovery_code", SITE, "p", "c1"), db.prepare("recovery_code/use", SITE, "p", "c1", 9)]));
  const words = await Promise.all(Array.from({ length: 50 }, use));
  assert.equal(words.filter((one) => one === undefined).length, 1);
  assert.deepEqual(await found("p", "k.1"), [{ id: "c1", used: 1 }]);
  assert.deepEqual(await db.run("recovery_code/left", SITE, "p"), [{ left: 1, made_at: 7 }]);
  await db.run("recovery_code/drop", SITE, "p");
  assert.equal(await word("require/recovery_code", SITE, "p", "c2"), "recovery");
});

test("of 50 uses of one code at once exactly one counts", async () => {
  await factor("racer");
  const use = (number) =>
    refusal(
      db.d1.batch([
        db.prepare("require/nonce", SITE, `race-${number}`),
        db.prepare("require/step", SITE, "racer", "f", 101),
        db.prepare("consumed/put", SITE, `race-${number}`, "racer", "d", "page/1", 1, 1, 1),
        db.prepare("factor/advance", SITE, "racer", "f", 101, 5),
      ]),
    );
  const words = await Promise.all(Array.from({ length: 50 }, (_, number) => use(number)));
  assert.equal(words.filter((word) => word === undefined).length, 1);
  assert.equal(words.filter((word) => word === "step").length, 49);
  assert.equal((await db.ask("SELECT COUNT(*) AS n FROM consumed WHERE person = 'racer'"))[0].n, 1);
});

test("a challenge", async () => {
  const consume = (site) => db.prepare("consumed/put", site, "n", "p", "digest", "page/1", 7, 5, 9);
  assert.equal(await word("require/nonce", SITE, "n"), undefined);
  await consume(SITE).run();
  assert.equal(await word("require/nonce", SITE, "n"), "nonce");
  assert.equal(await word("require/nonce", OTHER_SITE, "n"), undefined);
  assert.equal(await refusal(consume(SITE).run()), "UNIQUE constraint failed: consumed.site, consumed.nonce");
  await consume(OTHER_SITE).run();
  const [used] = await db.run("consumed/get", SITE, "n");
  assert.deepEqual(used, { person: "p", digest: "digest", stream: "page/1", seq: 7, at: 5 });
});

test("a hold", async () => {
  assert.equal(await word("require/not_held", SITE, "free"), undefined);
  await db.ask("INSERT INTO guess VALUES (?1, 'held', 0, 0, 1), (?1, 'paused', 9, 99, 0)", SITE);
  assert.equal(await word("require/not_held", SITE, "held"), "held");
  assert.equal(await word("require/not_held", SITE, "paused"), undefined);
  assert.equal(await word("require/not_held", OTHER_SITE, "held"), undefined);
});

test("an enrolment, its stage and its end", async () => {
  const begin = (enrolment) =>
    db.run("enrolment/begin", SITE, "p", enrolment, "mailed", "totp", "Phone", null, null, "hmac", "sealed", null, 10, 100);
  const holds = (enrolment, stage, now) => word("require/enrolment", SITE, "p", enrolment, stage, now);
  await begin("e1");
  assert.equal(await holds("e1", "mailed", 99), undefined);
  assert.equal(await holds("e1", "mailed", 100), "enrolment");
  assert.equal(await holds("e1", "proved", 99), "enrolment");
  await db.run("enrolment/prove", SITE, "p", "e1", "mail-code", "secret", 200);
  assert.equal(await holds("e1", "proved", 199), undefined);
  assert.equal((await db.run("enrolment/get", SITE, "p"))[0].mail_code_sealed, null);
  await db.run("enrolment/register", SITE, "p", "e1", "passkey", 4);
  assert.equal(await holds("e1", "registered", 199), undefined);
  await begin("e2");
  assert.equal(await holds("e1", "proved", 50), "enrolment");
  const [now] = await db.run("enrolment/get", SITE, "p");
  assert.deepEqual([now.secret_sealed, now.proved_by, now.step], [null, null, 0]);
  await db.run("enrolment/end", SITE, "p", "e1");
  assert.equal(await holds("e2", "mailed", 50), undefined);
  await db.run("enrolment/end", SITE, "p", "e2");
  assert.deepEqual(await db.run("enrolment/get", SITE, "p"), []);
});

test("how far a change of keys is: nobody else went on", async () => {
  const columns = "site, ring, state, place, person, id, total, resealed, unopened";
  await db.ask(`INSERT INTO reseal (${columns}) VALUES (?, 'k2,k1', 'open', 'factor', 'p', 'f', 9, 4, 1)`, SITE);
  const seen = [SITE, "k2,k1", "open", "factor", "p", "f", 4, 1];
  assert.equal(await word("reseal/require", ...seen), undefined);
  for (const [place, other] of [OTHER_SITE, "k2", "done", "token", "q", "g", 5, 0].entries()) {
    assert.equal(await word("reseal/require", ...seen.with(place, other)), "lease", String(other));
  }
});

test("five mails in any hour, also for fifty requests at once", async () => {
  const hour = 3_600_000;
  const ask = (now, person = "mailed") =>
    refusal(
      db.d1.batch([
        db.prepare("require/mails", SITE, person, now - hour, 5),
        db.prepare("mail/ask", SITE, person, `a${++id}`, now),
      ]),
    );
  const now = 10 * hour;
  const words = await Promise.all(Array.from({ length: 50 }, (_, index) => ask(now + index)));
  assert.equal(words.filter((word) => word === undefined).length, 5);
  const [oldest] = (await db.run("mail/asked", SITE, "mailed", now + 60 - hour, 5)).slice(-1);
  assert.equal(await ask(oldest.at + hour - 1), "mails");
  assert.equal(await ask(oldest.at + hour), undefined);
  assert.equal(await ask(now, "somebody else"), undefined);
});

test("no statement leaves the site out", () => {
  for (const { name, text } of allSql()) {
    // Which of all sites has something due, and what the operator is told of all of them.
    if (name.endsWith("/due_sites") || ["reseal/due", "reseal/everywhere"].includes(name)) continue;
    assert.match(text, /\bsite = \?1\b|\(site, [^)]*\)\s*(VALUES \(\?1|SELECT \?1)/, name);
  }
});
