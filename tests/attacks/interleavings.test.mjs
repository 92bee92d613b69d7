// No interleaving of racing requests breaks what must hold: a code counts once, a challenge leads to one decision, no
// order buys guesses, and nothing is recorded without the proof that policy wants.
//
// Requests meet in the database only, and each batch there is atomic. So the orders in which batches are let through
// (tests/support/gate.mjs) are all the interleavings there are: a few small races are run in every one of them, large
// ones in orders drawn from a seed. INTERLEAVINGS sets how many of those, INTERLEAVING_SEED where they begin.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ADMIN, AUTHOR, JONAS, PRIYA, SITE, VIEWER } from "../support/identities.mjs";
import { noGap } from "../support/change.mjs";
import { chance, everyOrder, meddle, race } from "../support/race.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile({ vars: { WORKFLOW_PARAMETERS: '{"approvers":"countersign-approvers","minimum":2}' } });
const ROUNDS = Number(process.env.INTERLEAVINGS ?? 40);
const SEED = Number(process.env.INTERLEAVING_SEED ?? 20_261_122);
/** Wrong codes in a row before a pause, and before only an admin helps. */
const FREE = 5;
const FINAL = 50;
/** Longer than a code is good. */
const LATER = 95_000;
const quick = { settle: false };
const site = () => held.current;

before(async () => {
  for (const who of [JONAS, PRIYA, ADMIN]) await site().as(who).enrol();
});

async function pageInReview() {
  const page = await site().sandbox.createPage();
  (await site().as(AUTHOR).on(page).submit({ version: 1 }, quick)).good();
  return page;
}

const challengeOn = async (who, page, decision = "approve") => (await site().as(who).on(page).challenge(decision, { version: 1 }, quick)).good();

/** Everybody starts with new codes and `failures` wrong ones behind them. */
async function freshStart(failures = 0) {
  await site().worker.idle();
  await site().advance(LATER);
  for (const { account } of [JONAS, PRIYA, ADMIN]) {
    await site().sql("DELETE FROM guess WHERE person = ?", account);
    await site().sql("INSERT INTO guess (site, person, failures, locked_until, held) VALUES (?, ?, ?, 0, 0)", SITE.key, account, account === JONAS.account ? failures : 0);
    await site().sql("UPDATE factor SET active = 1 WHERE person = ?", account);
  }
}

const code = (who, offset = 0) => site().authenticators.at(who.account, offset);
const decide = (who, page, challenge, given) => (options) => site().as(who).on(page).decide(challenge, given, options);

/** Changes behind everybody's back: a lock, a factor taken away, a newer policy. */
const meddling = () => ({
  hold: meddle(site(), { sql: "UPDATE guess SET held = 1 WHERE site = ? AND person = ?", args: [SITE.key, JONAS.account] }),
  revoke: meddle(site(), { sql: "UPDATE factor SET active = 0 WHERE site = ? AND person = ?", args: [SITE.key, JONAS.account] }),
  policy: meddle(site(), {
    sql: `INSERT INTO journal (site, stream, seq, position, at, kind, entry, leaf)
          SELECT site, stream, seq + 1, (SELECT MAX(position) + 1 FROM journal WHERE site = ?1), at, kind, entry, leaf
            FROM journal WHERE site = ?1 AND stream = 'policy' ORDER BY seq DESC LIMIT 1`,
    args: [SITE.key],
  }),
});

const recordedNow = (answer) => answer.status === 200 && !answer.meddled && answer.body.repeated === false;

/** What holds for the whole journal, whatever happened. */
async function everythingHolds() {
  const rows = await site().sql(
    "SELECT stream, seq, kind, entry FROM journal WHERE site = ? AND kind IN ('decided', 'unlocked', 'change-confirmed')", SITE.key,
  );
  const used = await site().sql("SELECT digest, stream, seq, person FROM consumed WHERE site = ?", SITE.key);
  const [steps, digests, seats] = [new Set(), new Set(), new Set()];
  for (const { stream, seq, kind, entry } of rows) {
    const { event, actor } = JSON.parse(entry);
    const where = `${stream} ${seq}: ${JSON.stringify(event)}`;
    const proof = event.proof ?? event;
    const factor = proof.factor;
    if (kind !== "unlocked") {
      assert.ok(factor?.factor && factor.step > 0, `recorded without a factor: ${where}`);
      const step = `${actor.account} ${factor.factor} ${factor.step}`;
      assert.ok(!steps.has(step), `a code counted twice: ${where}`);
      steps.add(step);
    }
    if (kind === "change-confirmed") continue;
    const consumed = used.filter((one) => one.digest === proof.challenge);
    assert.equal(consumed.length, 1, `recorded without its challenge being consumed: ${where}`);
    assert.equal(consumed[0].person, actor.account, where);
    assert.ok(!digests.has(proof.challenge), `a challenge led to two entries: ${where}`);
    digests.add(proof.challenge);
    if (kind !== "decided") continue;
    assert.deepEqual([consumed[0].stream, consumed[0].seq], [stream, seq], `the challenge is of another entry: ${where}`);
    const seat = `${stream} ${event.state_seq} ${event.approval} ${actor.account}`;
    assert.ok(!seats.has(seat), `one person decided twice: ${where}`);
    seats.add(seat);
  }
  const of = (kind) => rows.filter((row) => row.kind === kind).length;
  assert.ok(of("change-confirmed") >= of("unlocked"), "a lock was released without proof");
  const factors = await site().sql("SELECT person, id, last_step FROM factor WHERE site = ?", SITE.key);
  for (const { person, id, last_step } of factors) {
    const highest = Math.max(0, ...[...steps].filter((one) => one.startsWith(`${person} ${id} `)).map((one) => Number(one.split(" ")[2])));
    assert.ok(last_step >= highest, "a factor forgot an accepted code");
  }
  await noGap(site(), SITE.key);
}

/** What a person was told: nothing but what can be, and as often yes as there are entries. */
async function answersHold(answers, names) {
  for (const [index, answer] of answers.entries()) {
    assert.ok(answer.status < 500 || answer.body?.kind === "busy", `${names[index]}: ${answer.status} ${answer.text}`);
    if (answer.meddled || answer.status !== 200 || answer.body.seq === undefined || !answer.body.status) continue;
    const [row] = await site().sql(
      "SELECT kind FROM journal WHERE site = ? AND seq = ? AND stream IN (SELECT stream FROM consumed WHERE site = ?1 AND seq = ?2)", SITE.key, answer.body.seq,
    );
    assert.equal(row?.kind, "decided", `${names[index]} was told of an entry that is not there`);
  }
}

const kindOf = (answer) => (answer.meddled ? "done" : answer.status === 200 ? (answer.body.repeated ? "repeated" : "recorded") : answer.body.kind);

test("one code for two decisions, in every order: one is recorded", async () => {
  const orders = await everyOrder(async (choices) => {
    await freshStart();
    const pages = [await pageInReview(), await pageInReview()];
    const asked = [await challengeOn(JONAS, pages[0]), await challengeOn(JONAS, pages[1])];
    const now = code(JONAS);
    const went = await race(site(), pages.map((page, index) => decide(JONAS, page, asked[index], { code: now })), { choices });
    assert.deepEqual(went.answers.map(kindOf).sort(), ["code-used", "recorded"], JSON.stringify(went.order));
    return went;
  }, 40);
  assert.ok(orders >= 6, `${orders} orders`);
  await everythingHolds();
});

test("one challenge on two devices, in every order: one entry, and both are told of it", async () => {
  const orders = await everyOrder(async (choices) => {
    await freshStart();
    const page = await pageInReview();
    const asked = await challengeOn(JONAS, page);
    const now = code(JONAS);
    const went = await race(site(), [0, 1].map(() => decide(JONAS, page, asked, { code: now })), { choices });
    const kinds = went.answers.map(kindOf);
    assert.equal(kinds.filter((kind) => kind === "recorded").length, 1, JSON.stringify([kinds, went.order]));
    assert.ok(kinds.every((kind) => ["recorded", "repeated", "code-used"].includes(kind)), JSON.stringify(kinds));
    assert.equal((await site().journal(`page/${page}`)).filter((row) => row.kind === "decided").length, 1);
    return went;
  }, 60);
  assert.ok(orders >= 6, `${orders} orders`);
  await everythingHolds();
});

test("yes and no of one person with two good codes, in every order: one of them is recorded", async () => {
  await everyOrder(async (choices) => {
    await freshStart();
    const page = await pageInReview();
    const [yes, no] = [await challengeOn(JONAS, page), await challengeOn(JONAS, page, "reject")];
    const went = await race(site(), [
      decide(JONAS, page, yes, { code: code(JONAS) }),
      decide(JONAS, page, no, { code: code(JONAS, 1), comment: "No." }),
    ], { choices });
    assert.equal(went.answers.filter(recordedNow).length, 1, JSON.stringify([went.answers.map(kindOf), went.order]));
    return went;
  }, 90);
  await everythingHolds();
});

for (const what of ["hold", "revoke", "policy"]) {
  test(`a decision and a change under it (${what}), in every order: nothing is recorded on what is no longer so`, async () => {
    const told = new Set();
    await everyOrder(async (choices) => {
      await freshStart();
      const page = await pageInReview();
      const asked = await challengeOn(JONAS, page);
      const went = await race(site(), [decide(JONAS, page, asked, { code: code(JONAS) }), meddling()[what]], { choices });
      const [changed] = went.places(1);
      const wrote = went.places(0, true).at(-1) ?? Infinity;
      const read = went.places(0).filter((place) => place < wrote).at(-1);
      const stale = what === "policy" ? read < changed && changed < wrote : changed < wrote;
      told.add(kindOf(went.answers[0]));
      assert.equal(recordedNow(went.answers[0]), wrote !== Infinity && !stale, JSON.stringify([kindOf(went.answers[0]), went.order]));
      return went;
    }, 20);
    assert.ok(told.size >= 2, [...told].join());
    await everythingHolds();
  });
}

/** Two pages in review, and challenges that were asked for in time. */
async function scenery() {
  const [page, other] = [await pageInReview(), await pageInReview()];
  return {
    page,
    other,
    yes: await challengeOn(JONAS, page),
    no: await challengeOn(JONAS, page, "reject"),
    elsewhere: await challengeOn(JONAS, other),
    later: await challengeOn(JONAS, other, "reject"),
    colleague: await challengeOn(PRIYA, page),
  };
}

/** Everything that may take part in a large race. */
function racersOf({ page, other, yes, no, elsewhere, later, colleague }) {
  const [now, next] = [code(JONAS), code(JONAS, 1)];
  const wrong = (salt) => site().as(JONAS).wrongCode(salt);
  return {
    "yes": decide(JONAS, page, yes, { code: now }),
    "yes, pressed again": decide(JONAS, page, yes, { code: now }),
    "yes, with the next code": decide(JONAS, page, yes, { code: next }),
    "no, with the same code": decide(JONAS, page, no, { code: now, comment: "No." }),
    "no, with the next code": decide(JONAS, page, no, { code: next, comment: "No." }),
    "yes elsewhere, with the same code": decide(JONAS, other, elsewhere, { code: now }),
    "no elsewhere, with the next code": decide(JONAS, other, later, { code: next, comment: "No." }),
    "a guess": decide(JONAS, page, yes, { code: wrong(1) }),
    "another guess": decide(JONAS, page, no, { code: wrong(2), comment: "No." }),
    "a guess elsewhere": decide(JONAS, other, elsewhere, { code: wrong(3) }),
    "another guess elsewhere": decide(JONAS, other, later, { code: wrong(4), comment: "No." }),
    "a colleague's yes": decide(PRIYA, page, colleague, { code: code(PRIYA) }),
    "a colleague's guess": decide(PRIYA, page, colleague, { code: site().as(PRIYA).wrongCode(5) }),
    ...meddling(),
  };
}

/** An admin's release of Jonas' lock, asked for and still to be confirmed. */
async function unlocking() {
  const settings = site().as(ADMIN).from("approval-settings");
  const [route, body] = ["/api/settings/insights/unlock", { account: JONAS.account, reason: "He asked." }];
  const { challenge } = (await settings.call(route, body, quick)).good().confirm;
  return (options) => settings.call(route, { ...body, confirm: { challenge, code: code(ADMIN) } }, options);
}

/** An edit that Confluence tells of while others are under way. */
async function editing(page) {
  await site().sandbox.events(SITE.cloudId);
  await site().sandbox.edit(page);
  const events = await site().sandbox.events(SITE.cloudId);
  return events.map((body) => (options) => site().event(body, options));
}

test(`${ROUNDS} races of up to eight requests, each in an order drawn from a seed`, async (t) => {
  const dice = chance(SEED);
  const tally = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    const locked = dice.below(6) === 0;
    const failures = dice.below(FREE + 1);
    await freshStart(failures);
    const scene = await scenery();
    const menu = racersOf(scene);
    const chosen = dice.some(Object.keys(menu), 3, 7);
    const racers = chosen.map((name) => menu[name]);
    const names = [...chosen];
    if (locked) {
      await site().sql("UPDATE guess SET failures = ? WHERE person = ?", FINAL, JONAS.account);
      racers.push(await unlocking());
      names.push("unlock");
    }
    const factsBefore = (await site().journal(`person-facts/${JONAS.account}`)).length;
    const edited = dice.below(4) === 0;
    const meanwhile = edited ? () => editing(scene.page) : undefined;
    const said = () => `round ${round} of seed ${SEED}: ${JSON.stringify(names.map((name, index) => [name, went?.answers[index] && kindOf(went.answers[index])]))} ${JSON.stringify(went?.order)}`;
    let went;
    try {
      went = await race(site(), racers, { choices: dice.numbers(60), meanwhile });
      await answersHold(went.answers, names);
      for (const answer of went.answers) tally[kindOf(answer)] = (tally[kindOf(answer)] ?? 0) + 1;
      const mine = names.flatMap((name, index) => (/^(yes|no|a guess|another guess)/.test(name) ? [index] : []));
      const recorded = mine.filter((index) => recordedNow(went.answers[index]));
      for (const change of ["hold", "revoke"]) {
        const [at] = names.includes(change) ? went.places(names.indexOf(change)) : [Infinity];
        const released = names.includes("unlock") ? went.places(names.indexOf("unlock")).at(-1) : undefined;
        if (change === "hold" && released !== undefined) continue;
        for (const index of recorded) assert.ok(went.places(index, true).at(-1) < at, `recorded after: ${change}`);
      }
      const facts = (await site().journal(`person-facts/${JONAS.account}`)).slice(factsBefore);
      const failed = facts.filter((row) => row.kind === "attempt-failed").length;
      const released = facts.filter((row) => row.kind === "unlocked").length;
      const told = mine.filter((index) => ["wrong-code"].includes(kindOf(went.answers[index]))).length;
      const allowed = (locked ? 0 : Math.max(1, FREE - failures)) + FREE * (recorded.length + released);
      assert.ok(told <= failed, "a comparison is not in the journal");
      assert.ok(failed <= allowed, `${failed} comparisons, ${allowed} allowed`);
      if (recorded.length + released === 0) {
        const [row] = await site().sql("SELECT failures FROM guess WHERE person = ?", JONAS.account);
        assert.ok(row.failures - (locked ? FINAL : failures) <= allowed, `${row.failures} counted`);
        assert.ok(row.failures - (locked ? FINAL : failures) >= failed, "an attempt was compared and not counted");
      }
      await everythingHolds();
      if (edited) await approvalIsOfOneVersion(scene.page);
    } catch (error) {
      error.message = `${error.message}\n${said()}`;
      throw error;
    }
  }
  t.diagnostic(`seed ${SEED}: ${JSON.stringify(tally)}`);
  for (const kind of ["recorded", "repeated", "wrong-code", "code-used", "locked"]) {
    assert.ok(ROUNDS < 40 || tally[kind] > 0, `no race ended with ${kind}: they are too tame`);
  }
});

/** Whatever was approved, nobody is told that the edited page is. */
async function approvalIsOfOneVersion(page) {
  await site().drain();
  const { status } = (await site().as(VIEWER).on(page).confirm()).good();
  const current = await site().sandbox.version(page);
  if (status.approved) assert.ok(status.approved.version === current || status.changed_since_approval, JSON.stringify(status));
}
