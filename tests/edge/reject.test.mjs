// Rejecting: with a reason, confirmed like an approval, and the page is a draft again.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { AUTHOR, JONAS, PRIYA } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
before(async () => {
  await held.current.as(JONAS).enrol();
  (await held.current.as(AUTHOR).submit()).good();
});

test("the dialog is told that a reason is needed", async () => {
  const { shown } = (await held.current.as(JONAS).challenge("reject")).good();
  assert.equal(shown.decision, "reject");
  assert.equal(shown.comment_required, true);
  assert.equal(shown.meaning, "I have reviewed this version and do not approve it.");
});

test("without a reason it is refused, the field named, and the challenge stays good", async () => {
  const jonas = held.current.as(JONAS);
  const challenge = (await jonas.challenge("reject")).good();
  for (const comment of ["", "   \n"]) {
    const problem = (await jonas.decide(challenge, { code: await jonas.code(), comment })).refused(422, "bad-field");
    assert.equal(problem.field, "comment");
  }
  (await jonas.decide(challenge, { code: await jonas.code(), comment: "Section 2 is out of date." })).good();
});

test("afterwards it is a draft without a review, and the reason is in the history", async () => {
  const { status } = (await held.current.as(PRIYA).confirm()).good();
  assert.equal(status.state.name, "Draft");
  assert.equal(status.review, null);
  assert.equal(status.approved, null);
  const line = status.history.find((item) => item.what.is === "rejected");
  assert.equal(line.who, JONAS.name);
  assert.equal(line.comment, "Section 2 is out of date.");
});

test("it can be submitted again, by a new review with nothing left over", async () => {
  (await held.current.as(AUTHOR).submit()).good();
  const { status } = (await held.current.as(JONAS).confirm()).good();
  assert.deepEqual(status.review.approvals[0].decisions, []);
  (await held.current.as(JONAS).approve()).good();
});
