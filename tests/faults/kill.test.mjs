// kill -9 of workerd in the middle of a stream of decisions: every acknowledged one is in the journal, none is there twice.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { ADMIN, AUTHOR, JONAS, PRIYA, REVIEWERS } from "../support/identities.mjs";
import { killAndRestart } from "../support/kill.mjs";
import { startSite } from "../support/site.mjs";

const PEOPLE = Array.from({ length: 14 }, (_, number) => ({
  account: `712020:killer-${number}`,
  name: `Reviewer ${number}`,
  email: `killer-${number}@example.com`,
  accountType: "licensed",
}));
/** How many decisions are sent right before the kill. */
const LATE = 6;
const persist = mkdtempSync(path.join(tmpdir(), "countersign-kill-"));
let site;

before(async () => {
  site = await startSite({
    persist,
    vars: { WORKFLOW_PARAMETERS: '{"approvers":"countersign-approvers","minimum":17}' },
  });
  for (const { account, name, email } of PEOPLE) {
    await site.sandbox.putPerson({ accountId: account, name, email, editor: true });
  }
  // More than ever decide, so that no review is over before its time.
  const members = [...PEOPLE, JONAS, PRIYA, ADMIN].map((one) => one.account);
  await site.sandbox.putGroup({ id: REVIEWERS, name: "Policy approvers", members });
  for (const who of PEOPLE) await site.as(who).enrol();
});
after(async () => {
  await site?.stop();
  rmSync(persist, { recursive: true, force: true });
});

for (const round of [1, 2, 3]) {
  test(`round ${round}: killed while decisions stream in`, async () => {
    const dialogs = [];
    for (const who of PEOPLE) {
      const page = await site.sandbox.createPage({ title: `Kill ${round}` });
      (await site.as(AUTHOR).on(page).submit({}, { settle: false })).good();
      dialogs.push({ who, page, person: site.as(who).on(page), code: await site.as(who).code() });
    }
    for (const dialog of dialogs) dialog.challenge = (await dialog.person.challenge("approve", { version: 1 })).good();

    const acknowledged = [];
    const unclear = [];
    let killed = false;
    // The last of them are sent right before the kill: however fast the machine, they are under way then.
    let release;
    const almost = new Promise((resolve) => (release = resolve));
    const stream = dialogs.map(async (dialog, index) => {
      await (index < dialogs.length - LATE ? new Promise((resolve) => setTimeout(resolve, index * 5)) : almost);
      try {
        const answer = await dialog.person.decide(dialog.challenge, { code: dialog.code }, { settle: false });
        if (answer.status === 200) acknowledged.push({ ...dialog, seq: answer.body.seq });
        else unclear.push(dialog);
      } catch (broken) {
        if (!killed) throw broken;
        unclear.push(dialog);
      }
    });
    const until = Date.now() + 20_000;
    while (acknowledged.length < round * 2 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 1));
    release();
    await new Promise((resolve) => setTimeout(resolve, 4));
    killed = true;
    await Promise.all([killAndRestart(site), ...stream]);

    assert.ok(acknowledged.length >= round * 2, "some were acknowledged before the kill");
    assert.ok(unclear.length > 0, "and some were under way");
    for (const { page, who, seq } of acknowledged) {
      const rows = (await site.journal(`page/${page}`)).filter((row) => row.kind === "decided" && row.entry.actor.account === who.account);
      assert.equal(rows.length, 1, `${who.name} on ${page}`);
      assert.equal(rows[0].seq, seq);
    }
    for (const { person, page, challenge, code, who } of unclear) {
      const answer = await person.decide(challenge, { code }, { settle: false });
      if (answer.status !== 200) assert.ok(["challenge-expired", "wrong-code", "code-used"].includes(answer.body.kind), answer.text);
      const rows = (await site.journal(`page/${page}`)).filter((row) => row.entry.actor.account === who.account && row.kind === "decided");
      assert.ok(rows.length <= 1, `${who.name} twice on ${page}`);
      if (answer.status === 200) assert.equal(rows.length, 1);
    }
  });
}

test("after all of it there is no gap, no fork, and nothing half done", async () => {
  const positions = (await site.sql("SELECT position FROM journal ORDER BY position")).map((row) => row.position);
  assert.deepEqual(positions, positions.map((_, index) => index));
  for (const { stream, n, top } of await site.sql("SELECT stream, COUNT(*) AS n, MAX(seq) AS top FROM journal GROUP BY stream")) {
    assert.equal(n, top, stream);
  }
  const [{ decided }] = await site.sql("SELECT COUNT(*) AS decided FROM journal WHERE kind = 'decided'");
  const [{ consumed }] = await site.sql("SELECT COUNT(*) AS consumed FROM consumed WHERE stream LIKE 'page/%'");
  assert.equal(consumed, decided, "each decision consumed its challenge in the same batch");
});

test("every effect is carried out in the end, those of the killed Worker after its lease", async () => {
  await site.advance(130_000);
  await site.drain({ rounds: 800 });
  assert.deepEqual((await site.outbox()).filter((row) => row.state !== "done"), []);
});
