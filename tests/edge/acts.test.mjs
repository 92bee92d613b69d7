// Submitting, picking a transition and asking somebody else are confirmed where the policy asks for it: the request comes
// twice, and the entry holds how it was confirmed.
import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { ADMIN, AUTHOR, JONAS, PRIYA, VIEWER } from "../support/identities.mjs";
import { putRules, rule, session } from "../support/rules.mjs";
import { siteForFile } from "../support/server.mjs";
import { putWorkflow } from "../support/workflows.mjs";

const held = await siteForFile();
const site = () => held.current;
const DOCUMENT = {
  format: 1,
  id: "page-approval",
  name: "Acts",
  states: [
    {
      id: "draft", name: "Draft", initial: true,
      transitions: { submit: { to: "review" }, select: [{ to: "shelf", name: "Put aside", who: { roles: ["editor"] } }] },
    },
    {
      id: "review", name: "Review",
      approvals: [{
        id: "owners", name: "Owners", meaning: "Yes", meaning_of_rejection: "No", delegate: true,
        reviewers: { users: [JONAS.account, PRIYA.account] },
      }],
      transitions: { approved: "done", rejected: "draft", updated: "initial" },
    },
    { id: "shelf", name: "Shelf", transitions: { select: [{ to: "draft", name: "Take it up again", who: { roles: ["editor"] } }] } },
    { id: "done", name: "Done", final: true, transitions: { updated: "initial" } },
  ],
};
let page;
const on = (who) => site().as(who).on(page);
const entries = async (kind) => (await site().journal(`page/${page}`)).filter((one) => one.kind === kind);
const ask = ["submit", "select", "reassign"];

before(async () => {
  await putWorkflow(site(), DOCUMENT);
  for (const who of [AUTHOR, JONAS]) await site().as(who).enrol();
  page = await site().newPage({ title: "Acts" });
  (await on(AUTHOR).actions()).good();
});

beforeEach(async () => {
  await site().sql("DELETE FROM session");
  await site().sql("UPDATE guess SET failures = 0, locked_until = 0");
});

/** Does it: what it asks to be confirmed is confirmed with a code. */
async function confirmed(who, act) {
  const { confirm } = (await act()).good();
  assert.ok(confirm, "nothing was asked for");
  return act({ challenge: confirm.challenge, code: await site().as(who).code() });
}

test("where the policy asks for nothing it is done at once, and holds no proof", async () => {
  await putRules(site());
  assert.ok((await on(AUTHOR).select("shelf")).good().status);
  assert.equal((await entries("selected")).at(-1).entry.event.proof, undefined);
  (await on(AUTHOR).select("draft")).good();
});

test("a transition: asked for, confirmed, and recorded with its proof in one batch", async () => {
  await putRules(site(), rule(ask));
  const count = (await entries("selected")).length;
  const seq = (await on(AUTHOR).confirm()).good().status.seq;
  const first = (await on(AUTHOR).select("shelf", { seq, comment: "Later" })).good();
  assert.equal(first.status, undefined);
  assert.equal(first.confirm.act, "select");
  assert.deepEqual(first.confirm.how.factors, ["totp"]);
  assert.ok(first.confirm.how.because[0].includes("What is asked"));
  assert.equal((await entries("selected")).length, count, "nothing was done yet");
  const confirm = { challenge: first.confirm.challenge, code: await site().as(AUTHOR).code() };
  const done = (await on(AUTHOR).select("shelf", { seq, comment: "Later", confirm })).good();
  assert.equal(done.status.state.name, "Shelf");
  const { proof } = (await entries("selected")).at(-1).entry.event;
  assert.equal(proof.factor.kind, "totp");
  assert.match(proof.challenge, /^[0-9a-f]{64}$/);
  // The same once more answers as before and writes nothing.
  const again = (await on(AUTHOR).select("shelf", { seq, comment: "Later", confirm })).good();
  assert.equal(again.status.state.name, "Shelf");
  assert.equal((await entries("selected")).length, count + 1);
  await confirmed(AUTHOR, (confirm) => on(AUTHOR).select("draft", { confirm, seq: done.status.seq })).then((answer) => answer.good());
});

test("what would be refused anyway is not asked to be confirmed", async () => {
  await putRules(site(), rule(ask));
  (await on(VIEWER).submit()).refused(403, "not-allowed");
  (await on(AUTHOR).select("done")).refused(409, "wrong-state");
  (await on(AUTHOR).submit({ version: 99 })).refused(409, "page-moved");
});

test("submitting: who has nothing to confirm with is told so, who has submits", async () => {
  await putRules(site(), rule(ask));
  (await on(ADMIN).submit()).refused(422, "no-factor");
  const done = (await confirmed(AUTHOR, (confirm) => on(AUTHOR).submit({ comment: "Please", confirm }))).good();
  assert.equal(done.status.state.name, "Review");
  assert.equal((await entries("submitted")).at(-1).entry.event.proof.factor.kind, "totp");
});

test("passing a seat on", async () => {
  await putRules(site(), rule(ask));
  const done = (await confirmed(JONAS, (confirm) => on(JONAS).reassign("owners", { from: JONAS, to: ADMIN, confirm }))).good();
  assert.ok(done.status);
  assert.equal((await entries("reassigned")).at(-1).entry.event.proof.factor.kind, "totp");
});

test("a session stands for it: the second request needs nothing but the challenge", async () => {
  await putRules(site(), rule(ask, session(30)), rule(["approve", "reject"], session(30), { id: "v" }));
  await site().edit(page);
  (await confirmed(AUTHOR, (confirm) => on(AUTHOR).submit({ confirm }))).good();
  await site().edit(page);
  const asked = (await on(AUTHOR).submit()).good().confirm;
  assert.deepEqual(asked.how.factors, []);
  assert.equal(asked.code_required, false);
  (await on(AUTHOR).submit({ confirm: { challenge: asked.challenge } })).good();
  const { proof } = (await entries("submitted")).at(-1).entry.event;
  assert.equal(proof.factor, undefined);
  assert.equal(proof.session.kind, "totp");
});
