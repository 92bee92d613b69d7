// D1's answer is lost, before or after the batch took effect: neither a decision twice nor a false refusal.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { AUTHOR, JONAS } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
before(() => held.current.as(JONAS).enrol());

async function dialog() {
  const site = held.current;
  const page = await site.sandbox.createPage();
  (await site.as(AUTHOR).on(page).submit()).good();
  const jonas = site.as(JONAS).on(page);
  return { page, jonas, challenge: (await jonas.challenge()).good(), code: await jonas.code() };
}
const decided = async (page) => (await held.current.journal(`page/${page}`)).filter((row) => row.kind === "decided");
const COUNTING = "INTO guess";
const COMMITTING = "INSERT INTO journal";

for (const [batch, match] of [["the batch that counts and loads", COUNTING], ["the batch that records", COMMITTING]]) {
  for (const when of ["before", "after"]) {
    test(`${batch}, its answer lost ${when} it took effect: the decision is recorded once in the end`, async () => {
      const site = held.current;
      const { page, jonas, challenge, code } = await dialog();
      await site.worker.arm({ binding: "DB", match, when });
      const first = await jonas.decide(challenge, { code, comment: "Yes." });
      await site.worker.disarm();
      assert.ok(first.status === 200 || first.status === 503, first.text);
      if (first.status === 200) assert.equal((await decided(page)).length, 1);
      const again = (await jonas.decide(challenge, { code, comment: "Yes." })).good();
      const rows = await decided(page);
      assert.equal(rows.length, 1);
      assert.equal(again.seq, rows[0].seq);
      assert.equal(again.status.state.name, "Approved");
      if (first.status === 200) assert.equal(first.body.seq, again.seq);
    });
  }
}

test("the answer lost for good is “not known”, never a refusal, and pressing again settles it", async () => {
  const site = held.current;
  for (const when of ["before", "after"]) {
    const { page, jonas, challenge, code } = await dialog();
    await site.worker.arm({ binding: "DB", match: COMMITTING, when, times: 1 });
    await site.worker.arm({ binding: "DB", match: "FROM consumed", when: "before", times: 1, skip: 1 });
    const first = await jonas.decide(challenge, { code });
    if (first.status !== 200) first.refused(503, "outcome-unknown");
    await site.worker.disarm();
    (await jonas.decide(challenge, { code })).good();
    assert.equal((await decided(page)).length, 1, when);
  }
});

test("D1 gone altogether: nothing is recorded, nothing is refused for good", async () => {
  const site = held.current;
  const { page, jonas, challenge, code } = await dialog();
  await site.worker.arm({ binding: "DB", match: "", when: "before", times: 1000 });
  const answer = await jonas.decide(challenge, { code });
  assert.equal(answer.status, 503, answer.text);
  assert.ok(["outcome-unknown", "confluence-unavailable", "internal"].includes(answer.body.kind), answer.text);
  await site.worker.disarm();
  assert.equal((await decided(page)).length, 0);
  (await jonas.decide(challenge, { code })).good();
});

test("fifty presses while answers are lost now and then: one entry", async () => {
  const site = held.current;
  const { page, jonas, challenge, code } = await dialog();
  await site.worker.arm({ binding: "DB", match: COMMITTING, when: "after", times: 3 });
  await site.worker.arm({ binding: "DB", match: COMMITTING, when: "before", times: 2, skip: 2 });
  await Promise.all(Array.from({ length: 50 }, () => jonas.decide(challenge, { code }, { settle: false })));
  await site.worker.disarm();
  assert.equal((await decided(page)).length, 1);
  assert.equal((await jonas.decide(challenge, { code })).good().repeated, true);
});

test("submitting with a lost answer does not submit twice", async () => {
  const site = held.current;
  for (const when of ["before", "after"]) {
    const page = await site.sandbox.createPage();
    const author = site.as(AUTHOR).on(page);
    await site.worker.arm({ binding: "DB", match: COMMITTING, when });
    await author.submit();
    await site.worker.disarm();
    const again = await author.submit();
    if (again.status !== 200) again.refused(409, "wrong-state");
    const rows = await site.journal(`page/${page}`);
    assert.equal(rows.filter((row) => row.kind === "submitted").length, 1, when);
  }
});

test("an event whose answer was lost is recorded once when it comes again", async () => {
  const site = held.current;
  const { page } = await dialog();
  await site.deliver();
  for (const when of ["before", "after"]) {
    await site.sandbox.edit(page);
    const [event] = await site.sandbox.events();
    await site.worker.arm({ binding: "DB", match: COMMITTING, when });
    await site.event(event);
    await site.worker.disarm();
    (await site.event(event)).good();
  }
  const edited = (await site.journal(`page/${page}`)).filter((row) => row.kind === "edited");
  assert.deepEqual(edited.map((row) => row.entry.event.version), [2, 3]);
});

test("an enrolment whose answers were lost leads to one factor", async () => {
  const site = held.current;
  const author = site.as(AUTHOR);
  (await author.beginEnrolment()).good();
  await site.drain();
  const { key } = (await author.enterMailCode(await author.mailedCode())).good();
  site.authenticators.add(AUTHOR.account, key);
  const code = await author.code();
  await site.worker.arm({ binding: "DB", match: "INTO factor", when: "after" });
  await author.confirmEnrolment(code);
  await site.worker.disarm();
  const again = await author.confirmEnrolment(code);
  assert.ok(again.status !== 500 && again.status !== 401, again.text);
  const factors = await site.sql("SELECT id FROM factor WHERE person = ?", AUTHOR.account);
  assert.equal(factors.length, 1);
});
