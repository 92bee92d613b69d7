// A page that changes between the dialog and the decision is not signed for, and nothing is lost by it.
import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { AUTHOR, JONAS } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
let page, challenge, jonas;
before(() => held.current.as(JONAS).enrol());
beforeEach(async () => {
  const site = held.current;
  page = await site.newPage({ title: "Moving", body: "<p>One.</p>" });
  (await site.as(AUTHOR).on(page).submit()).good();
  jonas = site.as(JONAS).on(page);
  challenge = (await jonas.challenge()).good();
});

/** The decision is refused, costs no attempt, and the review tells no approval. */
async function refused(kind = "page-moved") {
  const site = held.current;
  const code = await jonas.code();
  const problem = (await jonas.decide(challenge, { code, comment: "Kept." })).refused(409, kind);
  const [row] = await site.sql("SELECT failures FROM guess WHERE person = ?", JONAS.account);
  assert.equal(row?.failures ?? 0, 0, "an attempt was counted");
  assert.ok((await site.journal(`page/${page}`)).every((entry) => entry.kind !== "decided"));
  return problem;
}

test("edited, and nobody was told yet", async () => {
  await held.current.sandbox.edit(page, { text: "<p>Two.</p>" });
  assert.equal((await refused()).page_version, 2);
});

test("edited back to the same text: the version is another one all the same", async () => {
  await held.current.sandbox.edit(page, { text: "<p>Two.</p>" });
  await held.current.sandbox.edit(page, { text: "<p>One.</p>" });
  assert.equal((await refused()).page_version, 3);
});

test("only the title changed", async () => {
  await held.current.sandbox.edit(page, { title: "Moved", text: "<p>One.</p>" });
  await refused();
});

test("an attachment was added, the version stays", async () => {
  await held.current.sandbox.attach(page, "annex.pdf", "text");
  await refused();
});

test("an attachment was replaced by another of the same size", async () => {
  const site = held.current;
  page = await site.newPage({ title: "With annex" });
  await site.sandbox.attach(page, "annex.pdf", "text");
  await site.deliver();
  (await site.as(AUTHOR).on(page).submit()).good();
  jonas = site.as(JONAS).on(page);
  challenge = (await jonas.challenge()).good();
  await site.sandbox.attach(page, "annex.pdf", "evil");
  await refused();
});

test("edited while the decision is being recorded: the approval never passes for the new version", async () => {
  const site = held.current;
  await site.worker.arm({ binding: "DB", match: "INSERT INTO journal", delay: 1500 });
  const deciding = jonas.decide(challenge, { code: await jonas.code() });
  await site.worker.struck();
  await site.sandbox.edit(page, { text: "<p>Slipped in.</p>" });
  (await deciding).good();
  await site.worker.disarm();
  // Nobody was told of the edit: the Worker looks for itself after each decision.
  await site.drain();
  const { status } = (await jonas.confirm()).good();
  assert.equal(status.latest_version, 2);
  assert.notEqual(status.state.name, "Approved");
  assert.ok(status.approved === null || (status.approved.version === 1 && status.changed_since_approval));
});
