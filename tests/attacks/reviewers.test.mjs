// Who may decide: only people asked, never on their own work, once a review, and by Confluence's word of now.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ADMIN, AUTHOR, JONAS, POLICY_PAGE, PRIYA, REVIEWERS, VIEWER } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile({ vars: { WORKFLOW_PARAMETERS: '{"approvers":"countersign-approvers","minimum":2}' } });
const members = (...people) =>
  held.current.sandbox.putGroup({ id: REVIEWERS, name: "Policy approvers", members: people.map((one) => one.account) });

before(async () => {
  for (const who of [JONAS, PRIYA, VIEWER, AUTHOR]) await held.current.as(who).enrol();
  (await held.current.as(AUTHOR).submit()).good();
});

test("whoever is not asked gets no challenge", async () => {
  (await held.current.as(VIEWER).challenge()).refused(403, "not-reviewer");
});

test("the author is excluded, even as a member of the group", async () => {
  const site = held.current;
  await members(JONAS, PRIYA, ADMIN, AUTHOR);
  const page = await site.sandbox.createPage({ title: "Submitted by somebody else" });
  (await site.as(ADMIN).on(page).submit()).good();
  await site.advance(61_000);
  (await site.as(AUTHOR).on(page).challenge()).refused(403, "excluded");
  (await site.as(AUTHOR).challenge()).refused(403, "excluded");
  await members(JONAS, PRIYA, ADMIN);
});

test("who submitted somebody else's text is excluded, too", async () => {
  const site = held.current;
  const page = await site.sandbox.createPage({ title: "By Mira" });
  (await site.as(JONAS).on(page).submit()).good();
  (await site.as(JONAS).on(page).challenge()).refused(403, "excluded");
  (await site.as(PRIYA).on(page).challenge()).good();
});

test("nobody decides twice in a review", async () => {
  const site = held.current;
  (await site.as(JONAS).approve()).good();
  (await site.as(JONAS).challenge()).refused(409, "already-decided");
  assert.equal((await site.as(JONAS).actions()).good().decide.is, "closed");
  assert.equal((await site.as(JONAS).confirm()).good().status.state.name, "In Review");
});

test("whoever left the group since the challenge is refused, within a minute at most", async () => {
  const site = held.current;
  const challenge = (await site.as(PRIYA).challenge()).good();
  await members(JONAS, ADMIN);
  await site.advance(61_000);
  (await site.as(PRIYA).decide(challenge, { code: await site.as(PRIYA).code() })).refused(403, "not-reviewer");
  await members(JONAS, PRIYA, ADMIN);
  await site.advance(61_000);
  assert.equal((await site.as(PRIYA).approve()).good().status.state.name, "Approved");
});

test("whoever may no longer see the page is refused", async () => {
  const site = held.current;
  await site.edit(POLICY_PAGE);
  (await site.as(AUTHOR).submit()).good();
  const challenge = (await site.as(PRIYA).challenge()).good();
  await site.sandbox.restrict(POLICY_PAGE, { accounts: [AUTHOR.account, JONAS.account], groups: [] });
  (await site.as(PRIYA).decide(challenge, { code: await site.as(PRIYA).code() })).refused(404, "page-not-found");
  await site.sandbox.restrict(POLICY_PAGE, {});
});

test("another's page token does not help: rights are asked with one's own", async () => {
  const site = held.current;
  await site.sandbox.restrict(POLICY_PAGE, { accounts: [AUTHOR.account, JONAS.account], groups: [] });
  const headers = { "x-forge-oauth-user": await site.sandbox.userToken(JONAS.account) };
  const body = { decision: "approve", page_version: await site.sandbox.version(POLICY_PAGE) };
  const answer = await site.as(VIEWER).call("/api/challenge", body, { headers });
  answer.refused(403, "not-reviewer");
  await site.sandbox.restrict(POLICY_PAGE, {});
});
