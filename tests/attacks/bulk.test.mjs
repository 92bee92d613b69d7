// Attacks on lists of pages: a list is one person's, in one space of one site, of these very pages; what opens it is good for
// it alone, once, and no longer than the policy it was made under.
import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { about, decideAll, decideOne, decided, inSpace, listOf, pagesInReview, pick } from "../support/bulk.mjs";
import { ADMIN, AUTHOR, HANDBOOK, JONAS, OTHER_SITE, PRIYA } from "../support/identities.mjs";
import { putRules, rule, session } from "../support/rules.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const site = () => held.current;
const MINUTE = 60_000;
const fast = { settle: false };
const count = async () => (await site().sql("SELECT COUNT(*) AS n FROM journal WHERE kind = 'decided'"))[0].n;
const failures = async (who = JONAS) => (await site().sql("SELECT failures FROM guess WHERE person = ?", who.account))[0]?.failures ?? 0;
const opened = async () => (await site().sql("SELECT COUNT(*) AS n FROM session WHERE list IS NOT NULL"))[0].n;
const send = (who, body, place) => inSpace(site(), who, place).call("/api/bulk/decision", body);

/** It is refused, costs no attempt, opens nothing and records nothing. */
async function nothing(status, kind, run, who = JONAS) {
  const were = [await count(), await failures(who), await opened()];
  (await run()).refused(status, kind);
  assert.deepEqual([await count(), await failures(who), await opened()], were);
}

before(async () => {
  await site().install(OTHER_SITE);
  (await site().as(AUTHOR).at(OTHER_SITE).submit()).good();
  (await site().as(AUTHOR).submit()).good();
  for (const who of [JONAS, PRIYA]) await site().as(who).enrol();
});

beforeEach(async () => {
  await site().sql("DELETE FROM session");
  await site().sql("UPDATE guess SET failures = 0, locked_until = 0, held = 0");
  await putRules(site(), rule(["approve", "reject"]));
});

test("another list: one page swapped, added, left out, doubled, in another order, with any field changed", async () => {
  const [extra, ...pages] = await pagesInReview(site(), 4);
  const list = await listOf(site(), JONAS, pages);
  const other = (await listOf(site(), JONAS, [extra, pages[0]])).items[0].listed;
  const items = list.items.map((item) => item.listed);
  const code = await site().as(JONAS).code();
  const swapped = (change) => items.map((item, index) => (index === 1 ? { ...item, ...change } : item));
  const lists = [
    [other, ...items.slice(1)], [...items, other], items.slice(0, 2), [items[0], items[0], items[2]], items.toReversed(), [],
    swapped({ page: extra }), swapped({ version: 2 }), swapped({ content_hash: "ab".repeat(32) }), swapped({ workflow: "other" }),
    swapped({ workflow_version: 9 }), swapped({ state: "draft" }), swapped({ state_seq: 99 }), swapped({ approval: "others" }),
  ];
  for (const forged of lists) {
    // Also the pages that were not touched: it is another list.
    for (const index of [0, 1]) {
      await nothing(422, "challenge-invalid", () => send(JONAS, about(list, { items: forged, index, code })));
    }
  }
  for (const index of [3, 50, 4_294_967_295]) {
    await nothing(422, "challenge-invalid", () => decideOne(site(), JONAS, list, index, { code }));
  }
  for (const index of [-1, 0.5, "0", null, 4_294_967_296]) {
    await nothing(422, "bad-request", () => decideOne(site(), JONAS, list, index, { code }));
  }
  (await decideOne(site(), JONAS, list, 2, { code })).good();
});

test("another verdict, person, space, site; a challenge of another kind; one bit of it", async () => {
  const pages = await pagesInReview(site(), 2);
  const list = await listOf(site(), JONAS, pages);
  const code = await site().as(JONAS).code();
  const refused = (run, who) => nothing(422, "challenge-invalid", run, who);
  await refused(() => decideOne(site(), JONAS, list, 0, { code, decision: "reject", comment: "No." }));
  const priya = await site().as(PRIYA).code();
  await refused(() => decideOne(site(), PRIYA, list, 0, { code: priya }), PRIYA);
  await refused(() => decideOne(site(), JONAS, list, 0, { code, place: { space: HANDBOOK } }));
  await refused(() => decideOne(site(), JONAS, list, 0, { code, place: { at: OTHER_SITE } }));
  const single = (await site().as(JONAS).on(pages[0]).challenge()).good();
  await refused(() => send(JONAS, about({ ...list, challenge: single.challenge }, { index: 0, code })));
  const forged = Buffer.from(list.challenge, "base64url");
  for (let at = 0; at < forged.length; at += 23) {
    const bytes = Buffer.from(forged);
    bytes[at] ^= 1;
    await refused(() => send(JONAS, about({ ...list, challenge: bytes.toString("base64url") }, { index: 0, code })));
  }
  // And the list's challenge is none of a page, nor of anything else.
  const asPage = { challenge: list.challenge, shown: { decision: "approve", version: 1 } };
  await refused(() => site().as(JONAS).on(pages[0]).decide(asPage, { code }));
  for (const answer of await decideAll(site(), JONAS, list, { code })) answer.good();
});

test("neither route is open to the macro, nor to the settings", async () => {
  const pages = await pagesInReview(site(), 2);
  const list = await listOf(site(), JONAS, pages);
  for (const module of ["approval-macro", "approval-byline", "approval-settings"]) {
    const jonas = site().as(JONAS).from(module);
    (await jonas.call("/api/bulk/decision", about(list, { index: 0 }))).refused(403, "wrong-route");
    (await jonas.call("/api/bulk/challenge", { decision: "approve", items: [] })).refused(403, "wrong-route");
  }
});

test("one page twenty times at once: one entry, and every answer the same", async () => {
  const pages = await pagesInReview(site(), 2);
  const list = await listOf(site(), JONAS, pages);
  (await decideOne(site(), JONAS, list, 0, { code: await site().as(JONAS).code() })).good();
  await site().worker.arm({ binding: "DB", match: "INSERT INTO journal", delay: 200, times: 20 });
  const answers = await Promise.all(Array.from({ length: 20 }, () => decideOne(site(), JONAS, list, 1, {}, fast)));
  await site().worker.disarm();
  const seqs = new Set(answers.map((answer) => answer.good().seq));
  assert.equal(seqs.size, 1);
  assert.equal(answers.filter((answer) => !answer.body.repeated).length, 1);
  assert.equal((await decided(site(), pages[1])).length, 1);
});

test("one code for twenty pages at once opens the list once; the same code opens no other list", async () => {
  const pages = await pagesInReview(site(), 20, { title: "Racing" });
  const list = await listOf(site(), JONAS, pages);
  const other = await listOf(site(), JONAS, await pagesInReview(site(), 2));
  const code = await site().as(JONAS).code();
  await site().worker.arm({ binding: "DB", match: "INTO session", delay: 300, times: 20 });
  const answers = await Promise.all(pages.map((_, index) => decideOne(site(), JONAS, list, index, { code }, fast)));
  await site().worker.disarm();
  assert.equal(await opened(), 1);
  assert.equal(await failures(), 0, "the one that opened it counted, and nothing else does any more");
  // Beyond what is admitted at once nobody compares anything: those try again.
  for (const [index, answer] of answers.entries()) {
    if (answer.status !== 200) answer.refused(429, "locked");
    (await decideOne(site(), JONAS, list, index, { code })).good();
  }
  for (const page of pages) assert.equal((await decided(site(), page)).length, 1);
  (await decideOne(site(), JONAS, other, 1, { code })).refused(422, "code-used");
  assert.deepEqual([await opened(), await failures()], [1, 1]);
});

test("a wrong code opens nothing and counts, however many pages it is tried on", async () => {
  const pages = await pagesInReview(site(), 8, { title: "Guessed" });
  const list = await listOf(site(), JONAS, pages);
  const before = await count();
  for (const index of [0, 1, 2, 3, 4]) {
    (await decideOne(site(), JONAS, list, index, { code: await site().as(JONAS).wrongCode(index) })).refused(422, "wrong-code");
  }
  (await decideOne(site(), JONAS, list, 5, { code: await site().as(JONAS).wrongCode(9) })).refused(429, "locked");
  (await decideOne(site(), JONAS, list, 6, { code: await site().as(JONAS).code() })).refused(429, "locked");
  assert.equal(await failures(), 5);
  assert.deepEqual([await count() - before, await opened()], [0, 0]);
  for (const code of ["12345", "１２３４５６", "123456 "]) {
    await nothing(422, "bad-field", () => decideOne(site(), JONAS, list, 7, { code }));
  }
});

test("what opened a list stands for nothing else: no page by itself, no other list, no other act", async () => {
  await putRules(site(), rule(["approve", "reject", "submit"], session(60)));
  const [alone, ...pages] = await pagesInReviewConfirmed(5);
  const [first, second] = [await listOf(site(), JONAS, pages.slice(0, 2)), await listOf(site(), JONAS, pages.slice(2))];
  (await decideOne(site(), JONAS, first, 0, { code: await site().as(JONAS).code() })).good();
  assert.equal(await opened(), 1);
  const challenge = (await site().as(JONAS).on(alone).challenge()).good();
  assert.equal(challenge.code_required, true, "not for a page by itself");
  await nothing(422, "bad-field", () => site().as(JONAS).on(alone).decide(challenge));
  await nothing(422, "bad-field", () => decideOne(site(), JONAS, second, 0));
  assert.equal((await listOf(site(), JONAS, pages.slice(2))).code_required, true);
  // Not even with its row's list changed for another: each list has a nonce of its own, and this one names none of the other's pages.
  const page = await site().newPage({ title: "To submit" });
  assert.ok((await site().as(JONAS).on(page).submit()).good().confirm, "nor for another act");
  (await decideOne(site(), JONAS, first, 1)).good();
});

/** Pages in review, submitted while nothing has to be confirmed. */
async function pagesInReviewConfirmed(many) {
  const rules = [rule(["approve", "reject", "submit"], session(60))];
  await putRules(site(), rule(["approve", "reject"]));
  const pages = await pagesInReview(site(), many, { title: "Bound" });
  await putRules(site(), ...rules);
  return pages;
}

test("somebody else's opened list opens nothing for another", async () => {
  const pages = await pagesInReview(site(), 2);
  const mine = await listOf(site(), JONAS, pages);
  const hers = await listOf(site(), PRIYA, pages);
  (await decideOne(site(), JONAS, mine, 0, { code: await site().as(JONAS).code() })).good();
  await nothing(422, "bad-field", () => decideOne(site(), PRIYA, hers, 1), PRIYA);
  await nothing(422, "challenge-invalid", () => decideOne(site(), PRIYA, mine, 1), PRIYA);
});

test("after ten minutes the list is over, opened or not", async () => {
  const pages = await pagesInReview(site(), 2);
  const list = await listOf(site(), JONAS, pages);
  (await decideOne(site(), JONAS, list, 0, { code: await site().as(JONAS).code() })).good();
  await site().advance(10 * MINUTE + 1000);
  await nothing(410, "challenge-expired", () => decideOne(site(), JONAS, list, 1));
  await nothing(410, "challenge-expired", async () => decideOne(site(), JONAS, list, 1, { code: await site().as(JONAS).code() }));
});

test("a policy that changed meanwhile ends the list, whichever way it changed", async () => {
  for (const rules of [[rule(["approve", "reject"], { part_11: true })], [rule(["approve", "reject"], { factors: ["passkey"] })], []]) {
    await putRules(site(), rule(["approve", "reject"]));
    const pages = await pagesInReview(site(), 3);
    const list = await listOf(site(), JONAS, pages);
    (await decideOne(site(), JONAS, list, 0, { code: await site().as(JONAS).code() })).good();
    await putRules(site(), ...rules);
    const before = await count();
    const answer = await decideOne(site(), JONAS, list, 1);
    assert.ok(["sign-alone", "challenge-invalid"].includes(answer.body.kind), answer.text);
    assert.equal(await count(), before);
  }
});

test("a lock, a factor that was removed and \u201cthis wasn't me\u201d end what opened the list, and no code opens it again", async () => {
  const ends = [
    (person) => site().sql("UPDATE session SET ended_at = ? WHERE person = ?", site().now(), person.account),
    async (person) => {
      const other = await listOf(site(), person, await pagesInReview(site(), 2));
      for (const salt of [1, 2, 3, 4, 5]) await decideOne(site(), person, other, 0, { code: await site().as(person).wrongCode(salt) });
      await site().sql("UPDATE guess SET failures = 0, locked_until = 0");
    },
  ];
  for (const end of ends) {
    const pages = await pagesInReview(site(), 3);
    const list = await listOf(site(), JONAS, pages);
    (await decideOne(site(), JONAS, list, 0, { code: await site().as(JONAS).code() })).good();
    await end(JONAS);
    const before = await count();
    (await decideOne(site(), JONAS, list, 1)).refused(422, "bad-field");
    const again = (await decideOne(site(), JONAS, list, 1, { code: await site().as(JONAS).code() })).refused(422, "challenge-invalid");
    assert.match(again.detail, /does not count any more/);
    assert.equal(await count(), before);
    assert.equal(await failures(), 0, "it was not compared");
  }
  const pages = await pagesInReview(site(), 2);
  const list = await listOf(site(), JONAS, pages);
  (await decideOne(site(), JONAS, list, 0, { code: await site().as(JONAS).code() })).good();
  const before = await count();
  await site().sql("UPDATE factor SET active = 0 WHERE person = ?", JONAS.account);
  (await decideOne(site(), JONAS, list, 1)).refused(422, "no-factor");
  await site().sql("UPDATE factor SET active = 1 WHERE person = ?", JONAS.account);
  assert.equal(await count(), before);
});

test("ended while a page is on its way, it stands for nothing: the batch says so", async () => {
  const pages = await pagesInReview(site(), 2);
  const list = await listOf(site(), JONAS, pages);
  (await decideOne(site(), JONAS, list, 0, { code: await site().as(JONAS).code() })).good();
  await site().sql(`CREATE TRIGGER ended_meanwhile INSTEAD OF INSERT ON require WHEN NEW.what = 'nonce'
    BEGIN UPDATE session SET ended_at = 1 WHERE list IS NOT NULL; END`);
  try {
    await nothing(422, "challenge-invalid", () => decideOne(site(), JONAS, list, 1));
  } finally {
    await site().sql("DROP TRIGGER ended_meanwhile");
  }
});

test("somebody who may not see a page any more, or a page that went to another space, is refused for it alone", async () => {
  const pages = await pagesInReview(site(), 3);
  const list = await listOf(site(), JONAS, pages);
  await site().sandbox.restrict(pages[0], { accounts: [AUTHOR.account], groups: [] });
  await site().sandbox.movePage(pages[1], { space: HANDBOOK.id });
  const code = await site().as(JONAS).code();
  await nothing(404, "page-not-found", () => decideOne(site(), JONAS, list, 0, { code }));
  await nothing(404, "page-not-found", () => decideOne(site(), JONAS, list, 1, { code }));
  (await decideOne(site(), JONAS, list, 2, { code })).good();
});

test("a page's own review begun anew, or somebody no longer asked, is refused for it alone", async () => {
  const pages = await pagesInReview(site(), 2);
  const list = await listOf(site(), JONAS, pages);
  await site().as(JONAS).on(pages[0]).reject("Not yet.");
  (await site().as(AUTHOR).on(pages[0]).submit()).good();
  const code = await site().as(JONAS).code();
  const before = await count();
  (await decideOne(site(), JONAS, list, 0, { code })).refused(409, "wrong-state");
  assert.equal(await count(), before);
  (await decideOne(site(), JONAS, list, 1)).good();
});

test("invariant 1: each verdict of a list used up a challenge, and names what opened the list", async () => {
  const rows = await site().sql("SELECT stream, seq, entry FROM journal WHERE kind = 'decided'");
  const used = await site().sql("SELECT stream, seq FROM consumed");
  let many = 0;
  for (const { stream, seq, entry } of rows) {
    const { proof } = JSON.parse(entry).event;
    if (!proof.bulk) continue;
    many += 1;
    assert.ok(used.some((one) => one.stream === stream && one.seq === seq), `${stream}/${seq}`);
    assert.ok(proof.bulk.opened?.factor.kind === "totp" && proof.bulk.index < proof.bulk.count);
  }
  assert.ok(many > 15, String(many));
});

test("HTML in titles stays text", async () => {
  const pages = await pagesInReview(site(), 2, { title: '<img src=x onerror="alert(1)">' });
  const list = await listOf(site(), JONAS, pages);
  assert.equal(list.items[0].title, '<img src=x onerror="alert(1)"> 0');
  assert.equal((await pick(site(), ADMIN, pages)).headers.get("content-type").split(";")[0], "application/json");
});
