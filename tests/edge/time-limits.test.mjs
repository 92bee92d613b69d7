// Time within limits: without the app's token, with a page gone, with many pages due at once, on several sites.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { ADMIN, AUTHOR, JONAS, OTHER_SITE, POLICY_PAGE, SITE } from "../support/identities.mjs";
import { startSite } from "../support/site.mjs";
import { putWorkflow } from "../support/workflows.mjs";

const MINUTE = 60_000;
const DAY = 24 * 3600_000;

const DOCUMENT = {
  format: 1,
  id: "page-approval",
  name: "Timed",
  states: [
    { id: "draft", name: "Draft", initial: true, expiry: { after: "P10D" }, transitions: { submit: { to: "review" }, expired: "stale", updated: "stay" } },
    {
      id: "review", name: "Review",
      approvals: [{ id: "owner", name: "Owner", reviewers: { users: [JONAS.account] }, meaning: "Yes.", meaning_of_rejection: "No." }],
      transitions: { approved: "stale", rejected: "draft", updated: { to: "draft" } },
    },
    { id: "stale", name: "Stale", transitions: { submit: { to: "review" }, updated: { to: "draft" } } },
  ],
};

async function started(options) {
  const site = await startSite(options);
  after(() => site.stop());
  await putWorkflow(site, DOCUMENT);
  return site;
}

const expiries = async (site, page, at = SITE) =>
  (await site.journal(`page/${page}`, at)).filter((row) => row.entry.event.cause === "expired").length;

async function happen(site, rounds = 60) {
  for (let round = 0; round < rounds; round += 1) {
    await site.worker.scheduled();
    const [{ due }] = await site.sql(
      "SELECT (SELECT COUNT(*) FROM timer WHERE fired = 0 AND at <= ?1) + (SELECT COUNT(*) FROM outbox WHERE state = 'open' AND next_at <= ?1) AS due",
      site.now(),
    );
    if (due === 0) return round + 1;
  }
  throw new Error(`it does not end: ${JSON.stringify(await site.outbox())}`);
}

test("without the app's token time waits, which is no failed try, and goes on when the platform brings one", async () => {
  const site = await started({ renew: false });
  const page = await site.newPage({ title: "Waits" });
  await site.advance(10 * DAY + MINUTE);
  for (let round = 0; round < 12; round += 1) {
    await site.advance(2 * MINUTE);
    await site.worker.scheduled();
  }
  assert.equal(await expiries(site, page), 0);
  const [row] = (await site.outbox()).filter((one) => one.effect.includes('"tick"'));
  assert.deepEqual([row.state, row.last_error, row.attempts], ["open", "no-app-token", 0]);
  (await site.hourly()).good();
  await happen(site);
  assert.equal(await expiries(site, page), 1);
});

test("a page in the bin has no time, quietly; and one that comes back has it again", async () => {
  const site = await started();
  const page = await site.newPage({ title: "Binned" });
  await site.sandbox.control("POST", `page/${page}/trash`, {});
  await site.advance(10 * DAY + MINUTE);
  await happen(site);
  assert.equal(await expiries(site, page), 0);
  assert.deepEqual((await site.outbox()).filter((row) => row.effect.includes('"tick"') && row.state !== "done"), []);
  await site.sandbox.control("POST", `page/${page}/trash`, { restore: true });
  // Whatever is recorded of the page sets its timers anew.
  await site.edit(page, { text: "<p>Back.</p>" });
  await happen(site);
  assert.equal(await expiries(site, page), 1);
});

test("an edit nobody told of is recorded before the page expires", async () => {
  const site = await started();
  const page = await site.newPage({ title: "Edited" });
  await site.sandbox.edit(page, {});
  await site.advance(10 * DAY + MINUTE);
  await happen(site);
  const kinds = (await site.journal(`page/${page}`)).map((row) => row.kind);
  assert.deepEqual(kinds, ["workflow-started", "edited", "state-entered"]);
  assert.equal(await expiries(site, page), 1);
});

test("many pages due at once are worked off in portions of forty statements and forty calls", async () => {
  const site = await started();
  for (let count = 0; count < 25; count += 1) await site.newPage({ title: `Page ${count}` });
  await site.advance(10 * DAY + MINUTE);
  let done = 0;
  for (let round = 0; round < 120 && done < 25; round += 1) {
    await site.sandbox.forgetCalls();
    const { used } = await site.worker.scheduled();
    const statements = used.filter((call) => call.d1).reduce((sum, call) => sum + call.sql.length, 0);
    const calls = used.length + (await site.sandbox.calls()).length;
    assert.ok(statements <= 40, `${statements} statements`);
    assert.ok(calls <= 40, `${calls} calls`);
    [{ done }] = await site.sql("SELECT COUNT(*) AS done FROM journal WHERE kind = 'state-entered' AND entry LIKE '%\"cause\":\"expired\"%'");
  }
  assert.equal(done, 25);
});

test("no site waits until another is done", async () => {
  const site = await started();
  await site.install(OTHER_SITE);
  await putWorkflow(site, DOCUMENT, { at: OTHER_SITE });
  for (let count = 0; count < 12; count += 1) await site.newPage({ title: `Page ${count}` });
  await site.deliver(OTHER_SITE);
  (await site.event({ eventType: "avi:confluence:updated:page", content: { id: POLICY_PAGE } }, { at: OTHER_SITE })).good();
  await site.drain();
  assert.equal((await site.journal(`page/${POLICY_PAGE}`, OTHER_SITE)).length, 1, "the other site has one page");
  await site.advance(10 * DAY + MINUTE);
  for (let round = 0; round < 40 && (await expiries(site, POLICY_PAGE, OTHER_SITE)) === 0; round += 1) await site.worker.scheduled();
  assert.equal(await expiries(site, POLICY_PAGE, OTHER_SITE), 1);
  const [{ left }] = await site.sql("SELECT COUNT(*) AS left FROM outbox WHERE site = ? AND state = 'open'", SITE.key);
  assert.ok(left > 0, "the first site still has work");
});

test("what fails again and again is given up where admins see it, and goes on when they say so", async () => {
  const site = await started();
  const page = await site.newPage({ title: "Stuck" });
  await site.advance(10 * DAY + MINUTE);
  await site.sandbox.fault({ method: "GET", path: `/wiki/api/v2/pages/${page}`, times: 1000, kind: "status", status: 500 });
  for (let round = 0; round < 14; round += 1) {
    await site.advance(61 * MINUTE);
    for (let turn = 0; turn < 3; turn += 1) await site.worker.scheduled();
  }
  const [row] = (await site.outbox()).filter((one) => one.effect.includes('"tick"'));
  assert.deepEqual([row.state, row.last_error], ["failed", "confluence-down"]);
  await site.sandbox.clearFaults();
  const admin = site.as(ADMIN, { module: "approval-settings" });
  const { failed_effects: failed } = (await admin.call("/api/settings/overview")).good();
  const shown = failed.find((one) => one.id === row.id);
  assert.match(JSON.stringify(shown), /Move page .* on/);
  (await admin.call("/api/settings/retry", { effect: row.id })).good();
  await happen(site);
  assert.equal(await expiries(site, page), 1);
  assert.equal((await site.mailsTo(AUTHOR)).filter((mail) => mail.subject === "“Stuck” has expired").length, 1);
});
