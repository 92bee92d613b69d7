// Many pages of a space signed together: one list, one code, and each page by itself.
import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { about, decideAll, decideOne, decided, inSpace, listOf, pagesInReview, pick } from "../support/bulk.mjs";
import { Tab, enrolPasskey } from "../support/hosted.mjs";
import { ADMIN, AUTHOR, HANDBOOK, JONAS, LUNCH_PAGE, PRIYA, VIEWER } from "../support/identities.mjs";
import { challengeForUse } from "../support/passkey.mjs";
import { putRules, rule, session } from "../support/rules.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const site = () => held.current;
const MINUTE = 60_000;
const fast = { settle: false };
const failures = async () => (await site().sql("SELECT failures FROM guess WHERE person = ?", JONAS.account))[0]?.failures ?? 0;
const kinds = (left) => Object.fromEntries(left.map((one) => [one.page, one.problem.kind]));

before(async () => {
  (await site().as(AUTHOR).submit()).good();
  await site().as(JONAS).enrol();
});

beforeEach(async () => {
  await site().sql("DELETE FROM session");
  await site().sql("UPDATE guess SET failures = 0, locked_until = 0, held = 0");
  await putRules(site(), rule(["approve", "reject"]));
});

test("one look, one code: each page gets an entry of its own, and all say which list they belong to", async () => {
  const pages = await pagesInReview(site(), 4);
  const list = await listOf(site(), JONAS, pages);
  assert.equal(list.code_required, true);
  assert.deepEqual(list.how.factors, ["totp"]);
  assert.equal(list.how.begins_session, undefined, "it begins nothing for anything else");
  assert.deepEqual(list.items.map((item) => item.title), [0, 1, 2, 3].map((number) => `Together ${number}`));
  assert.ok(list.items.every((item) => item.approved_before === undefined && item.listed.version === 1 && item.approval.length > 0));
  assert.ok(list.expires_at - site().now() > 9 * MINUTE && list.expires_at - site().now() <= 10 * MINUTE);
  const answers = await decideAll(site(), JONAS, list, { comment: "Read all of them." });
  const proofs = [];
  for (const [index, page] of pages.entries()) {
    const { repeated, status } = answers[index].good();
    assert.deepEqual([repeated, status.state.name], [false, "Approved"]);
    const rows = await decided(site(), page);
    assert.equal(rows.length, 1);
    const { event } = rows[0].entry;
    assert.equal(event.meaning, list.meaning);
    assert.equal(event.content_hash, list.items[index].listed.content_hash);
    assert.ok(event.comment, "the comment is said of each");
    proofs.push(event.proof);
  }
  assert.deepEqual(proofs.map((proof) => [proof.bulk.index, proof.bulk.count]), [[0, 4], [1, 4], [2, 4], [3, 4]]);
  for (const same of [(proof) => proof.bulk.list, (proof) => proof.bulk.opened.session, (proof) => proof.challenge]) {
    assert.equal(new Set(proofs.map(same)).size, 1);
  }
  assert.ok(proofs.every((proof) => proof.bulk.opened.factor.kind === "totp" && !proof.factor && !proof.session));
  const [{ step, n }] = await site().sql("SELECT last_step AS step, COUNT(*) AS n FROM factor WHERE person = ?", JONAS.account);
  assert.deepEqual([n, proofs[0].bulk.opened.factor.step], [1, step], "the code that was used is named");
  assert.equal(await failures(), 0);
  const consumed = await site().sql("SELECT nonce FROM consumed WHERE digest = ? ORDER BY nonce", proofs[0].challenge);
  assert.equal(consumed.length, 5, "once to open it, and once a page");
});

test("what cannot be signed with the others is left out, with a reason of its own, before anybody types", async () => {
  const [first, second, edited, hidden, done] = await pagesInReview(site(), 5, { title: "Some" });
  const [elsewhere] = await pagesInReview(site(), 1, { title: "Elsewhere", space: HANDBOOK });
  const draft = await site().newPage({ title: "Not submitted" });
  const own = await site().sandbox.createPage({ title: "His own", account: JONAS.account });
  (await site().as(AUTHOR).on(own).submit()).good();
  await site().sandbox.edit(edited);
  await site().sandbox.restrict(hidden, { accounts: [AUTHOR.account], groups: [] });
  (await site().as(JONAS).on(done).approve()).good();
  const all = [first, elsewhere, second, edited, hidden, done, draft, own, LUNCH_PAGE, "424242"];
  const { list, left_out: left } = (await pick(site(), JONAS, all, { version: 1 })).good();
  assert.deepEqual(list.items.map((item) => item.listed.page), [first, second]);
  assert.deepEqual(kinds(left), {
    [elsewhere]: "page-not-found", [edited]: "page-moved", [hidden]: "page-not-found", [done]: "wrong-state",
    [draft]: "wrong-state", [own]: "excluded", [LUNCH_PAGE]: "not-under-workflow", 424242: "page-not-found",
  });
  const titles = left.filter((one) => one.title).map((one) => one.page);
  assert.ok(!titles.includes(hidden) && !titles.includes(elsewhere), "no word of what one may not see");
  assert.equal(left.find((one) => one.page === edited).problem.page_version, 2);
  // Who has nothing to confirm with is told so; whoever is not asked gets no list at all.
  const admin = (await pick(site(), ADMIN, [first, second])).good();
  assert.deepEqual([admin.list, ...new Set(Object.values(kinds(admin.left_out)))], [undefined, "no-factor"]);
  const viewer = (await pick(site(), VIEWER, [first, second])).good();
  assert.deepEqual([viewer.list, ...new Set(Object.values(kinds(viewer.left_out)))], [undefined, "not-reviewer"]);
});

test("two pages at least, fifty at most, each once", async () => {
  const [one, two] = await pagesInReview(site(), 2);
  for (const pages of [[], [one], [one, one], Array.from({ length: 51 }, (_, index) => String(500_000 + index))]) {
    (await pick(site(), JONAS, pages, { version: 1 })).refused(422, "bad-field");
  }
  await listOf(site(), JONAS, [one, two]);
});

test("a list of fifty costs one round trip and no more calls than a list of two", async () => {
  const pages = await pagesInReview(site(), 50, { title: "Many" });
  const cost = async (some) => {
    await site().worker.idle();
    await site().sandbox.forgetCalls();
    const answer = await pick(site(), JONAS, some, { version: 1 }, fast);
    assert.equal(answer.good().list.items.length, some.length);
    const statements = answer.roundTrips.reduce((sum, call) => sum + call.sql.length, 0);
    // Who is in which group is remembered for a minute, and the outbox goes on by itself: neither is about the list's length.
    const calls = (await site().sandbox.calls()).filter((call) => call.path.endsWith("/wiki/api/v2/pages"));
    return { trips: answer.roundTrips.length, statements, calls: calls.length };
  };
  await cost(pages.slice(0, 2));
  const few = await cost(pages.slice(0, 2));
  const many = await cost(pages);
  assert.deepEqual(many, few);
  assert.deepEqual([many.trips, many.calls], [1, 1]);
  assert.ok(many.statements + many.calls <= 40, JSON.stringify(many));
  const list = await listOf(site(), JONAS, pages);
  const answers = await decideAll(site(), JONAS, list, {}, fast);
  for (const answer of answers) answer.good();
  assert.deepEqual(answers.map((answer) => answer.roundTrips.length), [3, ...Array(49).fill(2)], "as any decision, and one more to open it");
  for (const answer of answers) assert.ok(answer.used.filter((call) => call.d1).every((call) => call.sql.length <= 40));
});

test("a page edited meanwhile is refused by itself, and so is one whose attachments changed; the others go on", async () => {
  const pages = await pagesInReview(site(), 4, { title: "Moving" });
  await site().sandbox.attach(pages[2], "kept.txt", "then");
  await site().deliver();
  (await site().as(AUTHOR).on(pages[2]).submit()).good();
  const list = await listOf(site(), JONAS, pages);
  await site().sandbox.edit(pages[1]);
  await site().sandbox.attach(pages[2], "kept.txt", "now");
  const answers = await decideAll(site(), JONAS, list);
  answers[0].good();
  assert.equal(answers[1].refused(409, "page-moved").page_version, 2);
  answers[2].refused(409, "page-moved");
  answers[3].good();
  assert.deepEqual([(await decided(site(), pages[1])).length, (await decided(site(), pages[2])).length], [0, 0]);
});

test("the code is not lost with a page that is refused, and no right code goes on counting as a wrong one", async () => {
  const pages = await pagesInReview(site(), 8, { title: "Refused" });
  const list = await listOf(site(), JONAS, pages);
  // Somebody else decides on all of them but the last, one approval being enough.
  await site().as(PRIYA).enrol();
  for (const page of pages.slice(0, 7)) (await site().as(PRIYA).on(page).approve()).good();
  const code = await site().as(JONAS).code();
  for (const index of pages.keys()) {
    const answer = await decideOne(site(), JONAS, list, index, { code });
    if (index < 7) assert.ok(["wrong-state", "approval-complete"].includes(answer.body.kind), answer.text);
    else answer.good();
  }
  assert.equal(await failures(), 0);
});

test("what was recorded is answered again, also when the list is over, and nothing is written", async () => {
  const pages = await pagesInReview(site(), 2);
  const list = await listOf(site(), JONAS, pages);
  const code = await site().as(JONAS).code();
  const first = (await decideOne(site(), JONAS, list, 0, { code })).good();
  const entries = await site().entries();
  const again = (await decideOne(site(), JONAS, list, 0, { code })).good();
  assert.deepEqual([again.repeated, again.seq, again.at], [true, first.seq, first.at]);
  await site().advance(11 * MINUTE);
  assert.equal((await decideOne(site(), JONAS, list, 0)).good().repeated, true);
  const late = (await decideOne(site(), JONAS, list, 1)).refused(410, "challenge-expired");
  assert.match(late.detail, /ten minutes/i);
  assert.equal(await site().entries(), entries);
  assert.equal(await failures(), 0);
});

test("an answer that was lost is found again, and the code is not needed twice", async () => {
  const pages = await pagesInReview(site(), 2);
  const list = await listOf(site(), JONAS, pages);
  const code = await site().as(JONAS).code();
  await site().worker.arm({ binding: "DB", match: "INTO session", when: "after", times: 1 });
  const lost = await decideOne(site(), JONAS, list, 0, { code });
  await site().worker.disarm();
  if (lost.status !== 200) (await decideOne(site(), JONAS, list, 0, { code })).good();
  (await decideOne(site(), JONAS, list, 1)).good();
  assert.equal((await site().sql("SELECT COUNT(*) AS n FROM session WHERE list IS NOT NULL"))[0].n, 1);
  assert.equal(await failures(), 0);
});

test("rejecting asks each of them for the comment their approval asks for", async () => {
  const pages = await pagesInReview(site(), 2);
  const list = await listOf(site(), JONAS, pages, { decision: "reject" });
  assert.ok(list.items.every((item) => item.comment_required));
  const code = await site().as(JONAS).code();
  assert.equal((await decideOne(site(), JONAS, list, 0, { decision: "reject", code })).refused(422, "bad-field").field, "comment");
  const why = { decision: "reject", comment: "The numbers are last year's." };
  for (const index of [0, 1]) (await decideOne(site(), JONAS, list, index, why)).good();
  for (const page of pages) assert.equal((await decided(site(), page))[0].entry.event.decision, "reject");
});

test("meanings are those all have in common, and what was chosen is what is signed", async () => {
  const meanings = ["I wrote nothing of it and approve it.", "I checked the numbers."];
  await putRules(site(), rule(["approve", "reject"], { meanings }));
  const pages = await pagesInReview(site(), 2);
  const list = await listOf(site(), JONAS, pages, { meaning: meanings[1] });
  assert.deepEqual([list.meanings, list.meaning], [meanings, meanings[1]]);
  for (const answer of await decideAll(site(), JONAS, list)) answer.good();
  assert.equal((await decided(site(), pages[1]))[0].entry.event.meaning, meanings[1]);
  const none = (await pick(site(), JONAS, await pagesInReview(site(), 2), { meaning: "Something else." })).good();
  assert.equal(none.list, undefined);
  assert.deepEqual([...new Set(Object.values(kinds(none.left_out)))], ["sign-alone"]);
});

test("to the letter of Part 11 nothing is signed together, and that is said before anybody types", async () => {
  await putRules(site(), rule(["approve", "reject"], { part_11: true }));
  const { list, left_out: left } = (await pick(site(), JONAS, await pagesInReview(site(), 2))).good();
  assert.equal(list, undefined);
  for (const { problem, title } of left) {
    assert.deepEqual([problem.kind, problem.status], ["sign-alone", 409]);
    assert.match(problem.detail, /21 CFR 11\.200/);
    assert.ok(title);
  }
});

test("a session that counts stands for the list, and where nothing is asked nothing is", async () => {
  await putRules(site(), rule(["approve", "reject"], session(15)));
  const [alone, ...pages] = await pagesInReview(site(), 3);
  (await site().as(JONAS).on(alone).approve()).good();
  const list = await listOf(site(), JONAS, pages);
  assert.deepEqual([list.code_required, list.how.factors], [false, []]);
  assert.ok(list.how.session_until > site().now());
  for (const index of [0, 1]) (await decideOne(site(), JONAS, list, index)).good();
  const { proof } = (await decided(site(), pages[1]))[0].entry.event;
  assert.ok(proof.session && !proof.bulk.opened && proof.bulk.index === 1);
  await putRules(site());
  const more = await pagesInReview(site(), 2);
  const free = await listOf(site(), JONAS, more);
  assert.deepEqual([free.code_required, free.how.factors], [false, []]);
  for (const index of [0, 1]) (await decideOne(site(), JONAS, free, index)).good();
});

test("a mailed code, where the policy takes one: it says how many pages it is for", async () => {
  await putRules(site(), rule(["approve", "reject"], { factors: ["mail-code", "totp", "passkey"] }));
  const pages = await pagesInReview(site(), 3);
  await site().sql("UPDATE factor SET active = 0, ended_at = ?1 WHERE person = ?2", site().now(), PRIYA.account);
  const list = await listOf(site(), PRIYA, pages);
  assert.deepEqual(list.how.factors, ["mail-code"]);
  const code = await inSpace(site(), PRIYA).mailedSignCode(list);
  const mail = (await site().mailsTo(PRIYA)).findLast((one) => one.text.includes(code));
  assert.match(mail.text, /Approve 3 pages together/);
  for (const answer of await decideAll(site(), PRIYA, list, { code })) answer.good();
  assert.equal((await decided(site(), pages[2]))[0].entry.event.proof.bulk.opened.factor.kind, "mail-code");
});

test("a passkey: our own page names the pages, and one use of it opens the list", async () => {
  const jonas = inSpace(site(), JONAS);
  await site().sql("UPDATE factor SET active = 0, ended_at = ?1 WHERE person = ?2", site().now(), PRIYA.account);
  const { device } = await enrolPasskey(site().as(PRIYA));
  const priya = inSpace(site(), PRIYA);
  const pages = await pagesInReview(site(), 2, { title: "Keyed" });
  const list = await listOf(site(), PRIYA, pages);
  assert.deepEqual(list.how.factors, ["passkey"]);
  const items = list.items.map((item) => item.listed);
  for (const other of [[], items.slice(0, 1), items.toReversed()]) {
    (await priya.call("/api/passkey/prove", { challenge: list.challenge, items: other })).refused(422, "challenge-invalid");
  }
  (await jonas.call("/api/passkey/prove", { challenge: list.challenge, items })).refused(422, "challenge-invalid");
  (await decideOne(site(), PRIYA, list, 0)).refused(422, "bad-field");
  const { url } = (await priya.call("/api/passkey/prove", { challenge: list.challenge, items })).good();
  const tab = new Tab(site());
  const task = (await tab.open(url)).good();
  assert.match(task.sentence, /^Approve 2 pages together/);
  for (const title of ["Keyed 0", "Keyed 1"]) assert.ok(task.sentence.includes(title), task.sentence);
  assert.equal(task.options.challenge, challengeForUse(list.challenge), "it signs the list's challenge");
  assert.equal((await priya.call("/api/passkey/proved", { challenge: list.challenge })).good().is, "waiting");
  (await tab.assert(device.get(task.options.challenge))).good();
  assert.equal((await priya.call("/api/passkey/proved", { challenge: list.challenge })).good().is, "proved");
  for (const index of [0, 1]) (await decideOne(site(), PRIYA, list, index)).good();
  const { proof } = (await decided(site(), pages[1]))[0].entry.event;
  assert.equal(proof.bulk.opened.factor.kind, "passkey");
  assert.equal((await priya.call("/api/passkey/proved", { challenge: list.challenge })).good().is, "recorded");
});

test("one's own view and the list of approvers say that a factor was used", async () => {
  const pages = await pagesInReview(site(), 2, { title: "Seen" });
  const before = site().now();
  for (const answer of await decideAll(site(), JONAS, await listOf(site(), JONAS, pages))) answer.good();
  const { uses } = (await site().as(JONAS).call("/api/factors")).good();
  assert.deepEqual(uses.slice(0, 2).map((use) => [use.factor_kind, use.outcome]), [["totp", "confirmed"], ["totp", "confirmed"]]);
  const [{ used_at: used }] = await site().sql("SELECT used_at FROM approver WHERE person = ?", JONAS.account);
  assert.ok(used >= before, "by the trigger on the journal");
});
