// No interleaving of racing requests breaks what must hold for mailed codes, passkeys and step-up sessions either. How
// orders are made: interleavings.test.mjs.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { noGap } from "../support/change.mjs";
import { enrolPasskey, openToSign } from "../support/hosted.mjs";
import { ADMIN, AUTHOR, JONAS, PRIYA, SITE } from "../support/identities.mjs";
import { Authenticator } from "../support/passkey.mjs";
import { chance, everyOrder, meddle, race } from "../support/race.mjs";
import { putRules, rule, session } from "../support/rules.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile({ vars: { WORKFLOW_PARAMETERS: '{"approvers":"countersign-approvers","minimum":3}' } });
const site = () => held.current;
const quick = { settle: false };
const device = new Authenticator();
/** More than all orders of two requests. */
const MOST = 120;

before(async () => {
  await review();
  await site().as(ADMIN).enrol();
  await enrolPasskey(site().as(PRIYA), { device });
  // Jonas has no factor of his own: he is mailed his codes.
  await putRules(site(), rule(["approve", "reject"], { factors: ["mail-code", "totp", "passkey"] }));
});

async function review() {
  const page = await site().sandbox.createPage();
  (await site().as(AUTHOR).on(page).submit({ version: 1 }, quick)).good();
  return page;
}

const challenged = async (who, page, decision = "approve") => (await site().as(who).on(page).challenge(decision, { version: 1 }, quick)).good();
const decide = (who, page, challenge, given) => (options) => site().as(who).on(page).decide(challenge, given, options);
const kindOf = (answer) => (answer.meddled ? "done" : answer.status === 200 ? (answer.body.repeated ? "repeated" : "recorded") : answer.body.kind);
const decisions = async (page) => (await site().journal(`page/${page}`)).filter((row) => row.kind === "decided");

/** Nobody has guessed, and no mail of the last hour is counted. */
async function afresh() {
  await site().worker.idle();
  await site().advance(61 * 60_000);
  await site().sql("DELETE FROM guess");
  await site().sql("DELETE FROM session");
}

/** Whoever guesses would be found here: how many comparisons failed, and how many are still counted. */
const counted = async (who) => (await site().sql("SELECT failures FROM guess WHERE person = ?", who.account))[0]?.failures ?? 0;

const hold = (who) => meddle(site(), {
  sql: "INSERT INTO guess (site, person, failures, locked_until, held) VALUES (?, ?, 0, 0, 1) ON CONFLICT (site, person) DO UPDATE SET held = 1",
  args: [SITE.key, who.account],
});

/** Where the decision was written, if it was, and where it last read before. */
function steps(went, racer) {
  const wrote = went.places(racer, true).at(-1) ?? Infinity;
  return { wrote, read: went.places(racer).filter((place) => place < wrote).at(-1) };
}

test("one mailed code on two devices, in every order: one entry, and both are told of it", async () => {
  const orders = await everyOrder(async (choices) => {
    await afresh();
    const page = await review();
    const challenge = await challenged(JONAS, page);
    const code = await site().as(JONAS).on(page).mailedSignCode(challenge);
    const went = await race(site(), [0, 1].map(() => decide(JONAS, page, challenge, { code })), { choices });
    const kinds = went.answers.map(kindOf);
    assert.equal(kinds.filter((kind) => kind === "recorded").length, 1, JSON.stringify([kinds, went.order]));
    assert.ok(kinds.every((kind) => ["recorded", "repeated", "wrong-code", "code-used"].includes(kind)), JSON.stringify(kinds));
    assert.equal((await decisions(page)).length, 1);
    return went;
  }, MOST);
  assert.ok(orders >= 6, `${orders} orders`);
  await noGap(site(), SITE.key);
});

test("a mailed code and a newer one asked for meanwhile, in every order: the older one counts only before", async () => {
  const told = new Set();
  await everyOrder(async (choices) => {
    await afresh();
    const page = await review();
    const challenge = await challenged(JONAS, page);
    const code = await site().as(JONAS).on(page).mailedSignCode(challenge);
    const newer = (options) => site().as(JONAS).on(page).mailSign(challenge, {}, options);
    const went = await race(site(), [decide(JONAS, page, challenge, { code }), newer], { choices });
    const { read } = steps(went, 0);
    const [replaced = Infinity] = went.order.flatMap((one, place) => (one.racer === 1 && one.changes ? [place] : []));
    const kind = kindOf(went.answers[0]);
    told.add(kind);
    if (kind === "recorded") assert.ok(read < replaced, JSON.stringify(went.order));
    assert.equal((await decisions(page)).length, kind === "recorded" ? 1 : 0, kind);
    return went;
  }, MOST);
  assert.ok(told.has("recorded") && told.size >= 2, [...told].join());
});

test("guesses at a mailed code while it is used, in every order: each is counted", async () => {
  await everyOrder(async (choices) => {
    await afresh();
    const page = await review();
    const [yes, no] = [await challenged(JONAS, page), await challenged(JONAS, page, "reject")];
    const code = await site().as(JONAS).on(page).mailedSignCode(yes);
    const guess = decide(JONAS, page, no, { code: code === "2222-2222" ? "3333-3333" : "2222-2222", comment: "No." });
    const went = await race(site(), [decide(JONAS, page, yes, { code }), guess], { choices });
    const kinds = went.answers.map(kindOf);
    assert.ok(kinds[0] === "recorded" && kinds[1] !== "recorded", JSON.stringify(kinds));
    const failed = (await site().journal(`person-facts/${JONAS.account}`)).filter((row) => row.kind === "attempt-failed");
    assert.ok(kinds[1] !== "wrong-code" || failed.length > 0, "a comparison is not in the journal");
    // Only the recorded decision may have forgotten the guess.
    const { wrote } = steps(went, 0);
    const guessed = went.places(1)[0];
    if (kinds[1] === "wrong-code" && guessed > wrote) assert.ok((await counted(JONAS)) >= 1, JSON.stringify(went.order));
    return went;
  }, MOST);
});

test("one assertion of a passkey sent twice, in orders drawn from a seed: one entry", async () => {
  // It goes to the database so often that all orders would take minutes.
  const dice = chance(20_261_122);
  for (let round = 0; round < 16; round += 1) {
    await afresh();
    const page = await review();
    const person = site().as(PRIYA).on(page);
    const challenge = await challenged(PRIYA, page);
    const { tab, task } = await openToSign(person, challenge);
    const assertion = device.get(task.options.challenge);
    const send = ({ headers }) => tab.assert(assertion, { headers: { ...headers, "x-test-settle": null } });
    const went = await race(site(), [send, send], { choices: dice.numbers(40) });
    assert.equal((await decisions(page)).length, 1, JSON.stringify([went.answers.map((one) => one.text), went.order]));
    assert.ok(went.answers.some((one) => one.status === 200), JSON.stringify(went.answers.map((one) => one.text)));
    assert.ok(went.answers.every((one) => one.status < 500 || one.body?.kind === "busy"), JSON.stringify(went.answers.map((one) => one.text)));
  }
  await noGap(site(), SITE.key);
});

test("an assertion and a lock under it, in every order: nothing is recorded once the person is held", async () => {
  const told = new Set();
  await everyOrder(async (choices) => {
    await afresh();
    const page = await review();
    const challenge = await challenged(PRIYA, page);
    const { tab, task } = await openToSign(site().as(PRIYA).on(page), challenge);
    const assertion = device.get(task.options.challenge);
    const send = ({ headers }) => tab.assert(assertion, { headers: { ...headers, "x-test-settle": null } });
    const went = await race(site(), [send, hold(PRIYA)], { choices });
    const [locked] = went.places(1);
    const { wrote } = steps(went, 0);
    const recorded = (await decisions(page)).length;
    told.add(recorded);
    if (recorded) assert.ok(wrote < locked, JSON.stringify(went.order));
    return went;
  }, MOST);
  assert.deepEqual([...told].sort(), [0, 1]);
});

for (const [what, end] of Object.entries({
  "its end": () => meddle(site(), { sql: "UPDATE session SET ended_at = 1 WHERE site = ? AND person = ?", args: [SITE.key, ADMIN.account] }),
  "a lock": () => hold(ADMIN),
})) {
  test(`a decision in a session and ${what}, in every order: it stands for nothing afterwards`, async () => {
    await putRules(site(), rule(["approve", "reject"], session(15)));
    const told = new Set();
    await everyOrder(async (choices) => {
      await afresh();
      const [first, page] = [await review(), await review()];
      const admin = site().as(ADMIN);
      (await admin.on(first).decide(await challenged(ADMIN, first), { code: await admin.code() }, quick)).good();
      const challenge = await challenged(ADMIN, page);
      assert.equal(challenge.code_required, false);
      const went = await race(site(), [decide(ADMIN, page, challenge, {}), end()], { choices });
      const [ended] = went.places(1);
      const { wrote } = steps(went, 0);
      const [row] = await decisions(page);
      told.add(Boolean(row));
      assert.equal(row !== undefined, wrote < ended, JSON.stringify([kindOf(went.answers[0]), went.order]));
      if (row) assert.ok(row.entry.event.proof.session, "recorded without the session's name");
      return went;
    }, MOST);
    assert.deepEqual([...told].sort(), [false, true]);
  });
}

test("two decisions in one session at once, in every order: both are recorded, each by itself", async () => {
  await putRules(site(), rule(["approve", "reject"], session(15)));
  await everyOrder(async (choices) => {
    await afresh();
    const pages = [await review(), await review(), await review()];
    const admin = site().as(ADMIN);
    (await admin.on(pages[0]).decide(await challenged(ADMIN, pages[0]), { code: await admin.code() }, quick)).good();
    const asked = [await challenged(ADMIN, pages[1]), await challenged(ADMIN, pages[2])];
    const went = await race(site(), [decide(ADMIN, pages[1], asked[0], {}), decide(ADMIN, pages[2], asked[1], {})], { choices });
    assert.deepEqual(went.answers.map(kindOf), ["recorded", "recorded"], JSON.stringify(went.order));
    return went;
  }, MOST);
  await noGap(site(), SITE.key);
});
