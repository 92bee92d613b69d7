// Somebody is away and named somebody else: that person decides for them as long as it lasts, and not on their own work.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ADMIN, AUTHOR, JONAS, POLICY_PAGE, PRIYA, REVIEWERS, SITE, VIEWER } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const site = () => held.current;
const DAY = 24 * 3600_000;
const away = (who, to, { from = 0, days = 7 } = {}) =>
  site().as(who).away({ stand_in: to.account, from: site().now() + from, until: site().now() + from + days * DAY });
const me = async (who) => (await site().as(who).call("/api/me")).good();

before(async () => {
  for (const who of [VIEWER, PRIYA]) await site().as(who).enrol();
});

test("what makes no sense is refused, and the field is named", async () => {
  const field = async (answer, kind = "bad-field") => (await answer).refused(422, kind).field;
  assert.equal(await field(away(JONAS, JONAS)), "stand_in");
  assert.equal(await field(away(JONAS, VIEWER, { days: 0 })), "until");
  assert.equal(await field(away(JONAS, VIEWER, { days: 367 })), "until");
  assert.equal(await field(away(JONAS, VIEWER, { from: -10 * DAY, days: 9 })), "until");
  assert.equal(await field(away(JONAS, { account: "712020:nobody" }), "cannot-be-asked"), "stand_in");
  assert.equal((await me(JONAS)).absence, null);
  (await site().as(JONAS).away()).good();
  assert.deepEqual(await site().journal(`absence/${JONAS.account}`), [], "ending what is none writes nothing");
});

test("both see it: who is away, and who stands in", async () => {
  const answer = (await away(JONAS, VIEWER)).good();
  assert.deepEqual([answer.absence.stand_in, answer.absence.name], [VIEWER.account, VIEWER.name]);
  assert.equal(answer.zone, JONAS.timeZone);
  assert.deepEqual((await me(VIEWER)).stands_in_for, [JONAS.name]);
  assert.deepEqual((await me(PRIYA)).stands_in_for, []);
  const [{ kind, entry }] = await site().journal(`absence/${JONAS.account}`);
  assert.deepEqual([kind, entry.actor.account], ["absence-set", JONAS.account]);
});

test("the stand-in decides, and the signature says for whom", async () => {
  (await site().as(AUTHOR).submit()).good();
  const mine = (await site().as(VIEWER).actions()).good();
  assert.equal(mine.decide.is, "open");
  assert.deepEqual(mine.approvals[0].for_others, [JONAS.name]);
  const { pages } = (await site().as(VIEWER).from("approval-space").call("/api/space/overview")).good();
  assert.equal(pages.find((one) => one.page === POLICY_PAGE).waits_for_me, true);
  const challenge = (await site().as(VIEWER).challenge()).good();
  assert.deepEqual(challenge.shown.for_others, [JONAS.name]);
  const code = await site().as(VIEWER).code();
  const { status } = (await site().as(VIEWER).decide(challenge, { code })).good();
  assert.equal(status.state.name, "Approved");
  assert.deepEqual([status.approved.signatures[0].name, status.approved.signatures[0].for_others.length], [VIEWER.name, 1]);
  const { event } = (await site().journal()).find((row) => row.kind === "decided").entry;
  assert.deepEqual([event.for_others, event.for_self], [[JONAS.account], false]);
});

test("nobody decides on their own work by standing in for somebody", async () => {
  (await away(JONAS, AUTHOR)).good();
  await site().edit(POLICY_PAGE);
  (await site().as(AUTHOR).submit()).good();
  (await site().as(AUTHOR).challenge()).refused(403, "excluded");
  (await site().as(VIEWER).challenge()).refused(403, "not-reviewer");
});

test("it counts only while it lasts, and while the one who is away is asked", async () => {
  await site().edit(POLICY_PAGE);
  (await site().as(AUTHOR).submit()).good();
  (await away(JONAS, VIEWER, { from: 2 * DAY, days: 2 })).good();
  (await site().as(VIEWER).challenge()).refused(403, "not-reviewer");
  await site().advance(2 * DAY + 60_000);
  const challenge = (await site().as(VIEWER).challenge()).good();
  await site().sandbox.putGroup({ id: REVIEWERS, name: "Policy approvers", members: [PRIYA.account, ADMIN.account] });
  await site().advance(61_000);
  (await site().as(VIEWER).decide(challenge, { code: await site().as(VIEWER).code() })).refused(403, "not-reviewer");
  await site().sandbox.putGroup({ id: REVIEWERS, name: "Policy approvers", members: [JONAS, PRIYA, ADMIN].map((one) => one.account) });
  await site().advance(61_000);
  (await site().as(VIEWER).challenge()).good();
  await site().advance(2 * DAY);
  (await site().as(VIEWER).challenge()).refused(403, "not-reviewer");
  assert.equal((await me(JONAS)).absence, null);
});

test("whoever is back says so, and a challenge made meanwhile is worth nothing", async () => {
  (await away(JONAS, VIEWER)).good();
  const challenge = (await site().as(VIEWER).challenge()).good();
  (await site().as(JONAS).away()).good();
  (await site().as(VIEWER).decide(challenge, { code: await site().as(VIEWER).code() })).refused(403, "not-reviewer");
  assert.deepEqual((await site().journal(`absence/${JONAS.account}`)).slice(-1).map((row) => row.kind), ["absence-ended"]);
  assert.deepEqual(await site().sql("SELECT * FROM absence WHERE site = ?", SITE.key), []);
});

test("one site's absence is not another's", async () => {
  const { OTHER_SITE } = await import("../support/identities.mjs");
  (await away(JONAS, VIEWER)).good();
  await site().install(OTHER_SITE);
  assert.deepEqual((await site().as(VIEWER).at(OTHER_SITE).call("/api/me")).good().stands_in_for, []);
});
