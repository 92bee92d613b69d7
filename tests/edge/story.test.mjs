// The whole story by the app's requests: draft, submitted, approved with a code, edited, and everybody sees it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { AUTHOR, JONAS, POLICY_PAGE, VIEWER } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const MEANING = "I have reviewed this version and approve it for use.";
let challenge;

test("a page never seen is a draft, and only its author's side may submit it", async () => {
  const site = held.current;
  const seen = (await site.as(VIEWER).confirm()).good();
  assert.equal(seen.status.state.name, "Draft");
  assert.equal(seen.status.seq, 0);
  assert.equal(seen.status.approved, null);
  assert.equal((await site.as(AUTHOR).actions()).good().submit.is, "open");
  assert.equal((await site.as(VIEWER).actions()).good().submit.is, "closed");
  (await site.as(VIEWER).submit()).refused(403, "not-allowed");
});

test("the author submits it, and whoever looks sees it is in review", async () => {
  const site = held.current;
  const { status } = (await site.as(AUTHOR).submit({ comment: "Please look at section 2." })).good();
  assert.equal(status.state.name, "In Review");
  assert.equal(status.review.version, 1);
  assert.equal(status.review.submitted_by, AUTHOR.name);
  assert.equal(status.review.comment, "Please look at section 2.");
  assert.deepEqual((await site.as(VIEWER).confirm()).good().status, status);
  assert.equal((await site.as(JONAS).actions()).good().decide.is, "open");
  for (const other of [AUTHOR, VIEWER]) {
    assert.equal((await site.as(other).actions()).good().decide.is, "closed", other.name);
  }
});

test("a reviewer without an authenticator is told to set one up, and does", async () => {
  const jonas = held.current.as(JONAS);
  assert.equal((await jonas.actions()).good().factor, "missing");
  await jonas.enrol();
  assert.equal((await jonas.actions()).good().factor, "enrolled");
});

test("the reviewer is shown exactly what is signed", async () => {
  challenge = (await held.current.as(JONAS).challenge("approve")).good();
  const { shown } = challenge;
  assert.equal(shown.decision, "approve");
  assert.equal(shown.title, "Information Security Policy");
  assert.equal(shown.version, 1);
  assert.equal(shown.meaning, MEANING);
  assert.match(shown.content_hash, /^[0-9a-f]{64}$/);
  assert.deepEqual(shown.changes, { is: "first-approval" });
  assert.equal(shown.comment_required, false);
  assert.equal(challenge.code_required, true);
  const left = challenge.expires_at - held.current.now();
  assert.ok(left > 280_000 && left <= 300_000, `good for ${left} ms`);
});

test("with six digits the version is approved: who, when, with what meaning", async () => {
  const site = held.current;
  const jonas = site.as(JONAS);
  const answer = (await jonas.decide(challenge, { code: await jonas.code(), comment: "Well done." })).good();
  assert.equal(answer.repeated, false);
  assert.equal(answer.status.state.name, "Approved");
  assert.equal(answer.status.approved.version, 1);
  assert.equal(answer.status.changed_since_approval, false);
  const [signature] = answer.status.approved.signatures;
  assert.equal(signature.name, JONAS.name);
  assert.equal(signature.meaning, MEANING);
  assert.equal(signature.signed, true);
  assert.equal(signature.comment, "Well done.");
  assert.ok(Math.abs(signature.at - site.now()) < 60_000);
});

test("a viewer sees it first from KV, then confirmed by the journal", async () => {
  const viewer = held.current.as(VIEWER);
  const first = (await viewer.status()).good();
  assert.equal(first.source, "copy");
  assert.equal(first.viewer, "licensed");
  const confirmed = (await viewer.confirm()).good();
  assert.deepEqual(first.status, confirmed.status);
  assert.deepEqual(confirmed.page_version, { is: "ask-bridge" });
});

test("the journal holds what was bound: version, content, meaning, challenge, factor and step", async () => {
  const stream = await held.current.journal();
  assert.deepEqual(stream.map((row) => row.kind), ["workflow-started", "submitted", "state-entered", "decided", "state-entered"]);
  const { event, actor } = stream[3].entry;
  assert.deepEqual(actor, { is: "person", account: JONAS.account });
  assert.equal(event.version, 1);
  assert.equal(event.meaning, MEANING);
  assert.equal(event.content_hash, challenge.shown.content_hash);
  assert.match(event.proof.challenge, /^[0-9a-f]{64}$/);
  assert.equal(event.proof.factor.kind, "totp");
  assert.equal(typeof event.proof.factor.step, "number");
  const text = JSON.stringify(stream);
  for (const personal of [JONAS.name, AUTHOR.name, "Well done.", "Information Security Policy"]) {
    assert.ok(!text.includes(personal), `the journal holds “${personal}” itself`);
  }
});

test("an edit makes it a draft again, and the approved version and the change are told", async () => {
  const site = held.current;
  const version = await site.edit(POLICY_PAGE, { text: "<p>Now with a second rule.</p>" });
  assert.equal(version, 2);
  for (const answer of [await site.as(VIEWER).status(), await site.as(VIEWER).confirm()]) {
    const { status } = answer.good();
    assert.equal(status.state.name, "Draft");
    assert.equal(status.latest_version, 2);
    assert.equal(status.approved.version, 1);
    assert.equal(status.changed_since_approval, true);
  }
});

test("the next approval shows what changed since the last approved version", async () => {
  const site = held.current;
  (await site.as(AUTHOR).submit()).good();
  const { shown } = (await site.as(JONAS).challenge("approve")).good();
  assert.equal(shown.version, 2);
  assert.equal(shown.changes.is, "since");
  assert.equal(shown.changes.version, 1);
  assert.ok(JSON.stringify(shown.changes.changes).includes("Now with a second rule."), JSON.stringify(shown.changes));
  (await site.as(JONAS).approve()).good();
  const { status } = (await site.as(VIEWER).confirm()).good();
  assert.equal(status.approved.version, 2);
  assert.equal(status.changed_since_approval, false);
});
