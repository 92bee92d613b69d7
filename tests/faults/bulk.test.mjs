// Ten thousand pages come under a workflow while the Worker is killed again and again: every page once, in a handful of
// rows, within what an invocation is allowed; and a viewer pays the same for one of ten and for one of ten thousand.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { changed, finished, noGap } from "../support/change.mjs";
import { ADMIN, HANDBOOK, REVIEWERS, SITE, VIEWER } from "../support/identities.mjs";
import { killAndRestart } from "../support/kill.mjs";
import { startSite } from "../support/site.mjs";

const FEW = 10;
const MANY = Number(process.env.BULK_PAGES ?? 10_000);
const KILLS = 3;
/** What one invocation may send; Cloudflare's smallest plan allows 50. */
const MOST = 45;
const persist = mkdtempSync(path.join(tmpdir(), "countersign-bulk-"));
let site;
let few;
let first;
const admin = () => site.as(ADMIN).from("approval-settings");
const begin = (label) =>
  changed(admin(), "/api/settings/job/begin", {
    spec: { kind: "start-pages", extent: { of: "label", space: HANDBOOK.id, label }, workflow: "basic-approval", version: 0 },
  });

before(async () => {
  site = await startSite({ persist });
  await admin().enrol();
  const { document } = (await admin().call("/api/settings/workflow/template", { template: "basic-approval" })).good();
  await changed(admin(), "/api/settings/workflow/define", { document, values: { site: { reviewers: REVIEWERS } }, based_on: 0 });
  few = await site.sandbox.manyPages({ count: FEW, space: HANDBOOK.id, titlePrefix: "Few", label: "few" });
  await finished(site, admin(), (await begin("few")).id);
  first = await cost(few.first);
});
after(async () => {
  await site?.stop();
  rmSync(persist, { recursive: true, force: true });
});

/** What a viewer's first sight of a page costs, and then its confirmation, once its copy is there. */
async function cost(page) {
  const viewer = site.as(VIEWER).on(page);
  (await viewer.confirm()).good();
  await site.drain();
  await site.sandbox.forgetCalls();
  const answers = { status: await viewer.status(), confirm: await viewer.confirm() };
  const told = {};
  for (const [name, answer] of Object.entries(answers)) {
    answer.good();
    const before = answer.used.filter((call) => !call.background);
    told[name] = {
      batches: before.filter((call) => call.d1).length,
      statements: before.reduce((sum, call) => sum + (call.sql?.length ?? 0), 0),
      kv: before.filter((call) => call.kv).length,
    };
  }
  return { ...told, confluence: (await site.sandbox.calls()).length };
}

const rows = async () => {
  let sum = 0;
  for (const table of ["journal", "snapshot", "dashboard", "timer", "text", "outbox"]) {
    sum += (await site.sql(`SELECT COUNT(*) AS n FROM ${table}`))[0].n;
  }
  return sum;
};
const started = async () =>
  (await site.sql("SELECT COUNT(*) AS n FROM journal WHERE site = ? AND kind = 'workflow-started' AND stream LIKE 'page/%'", SITE.key))[0].n;

test("the job ends with every page exactly once, however often the Worker is killed", { timeout: 120_000 }, async () => {
  await site.sandbox.manyPages({ count: MANY, space: HANDBOOK.id, titlePrefix: "Many", label: "many" });
  const [before, had] = [await rows(), await started()];
  const { id } = await begin("many");
  const at = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    // Let it get on, then kill it while a batch is on its way.
    await site.worker.idle();
    await site.advance(61_000);
    await site.worker.arm({ binding: "DB", match: "INTO journal", skip: kill, when: kill % 2 ? "before" : "after", delay: 400, error: "never told" });
    const running = site.worker.scheduled().catch(() => {});
    await site.worker.struck();
    await killAndRestart(site);
    await running;
    at.push(await started());
    await site.advance(121_000);
  }
  assert.ok(at.at(-1) < had + MANY, `it was killed in the middle: ${at}`);
  let largest = 0;
  for (let minute = 0; minute < 100; minute += 1) {
    const { used } = await site.worker.scheduled();
    const statements = used.reduce((sum, call) => sum + (call.sql?.length ?? 0), 0);
    largest = Math.max(largest, statements, used.length);
    const job = (await admin().call("/api/settings/job", { job: id })).good();
    if (job.state !== "open") break;
    await site.advance(61_000);
  }
  const job = await finished(site, admin(), id);
  assert.deepEqual([job.state, job.counts], ["done", { seen: MANY, done: MANY, skipped: 0, failed: 0 }]);
  assert.equal(await started(), had + MANY);
  const streams = await site.sql("SELECT stream FROM journal WHERE stream LIKE 'page/%' AND kind = 'workflow-started' GROUP BY stream HAVING COUNT(*) > 1");
  assert.deepEqual(streams, []);
  await noGap(site, SITE.key);
  const each = (await rows() - before) / MANY;
  assert.ok(each <= 3.1, `${each} rows a page`);
  assert.ok(largest <= MOST, `an invocation sent ${largest} statements`);
});

test("a viewer pays the same at ten thousand pages as at ten", async () => {
  assert.deepEqual(await cost(few.last), first);
  const [{ page }] = await site.sql("SELECT MAX(page) AS page FROM dashboard WHERE workflow = 'basic-approval'");
  assert.deepEqual(await cost(page), first);
});

test("as many pages are moved to a newer version, each once, though the Worker is killed", { timeout: 120_000 }, async () => {
  const { document, values, newest } = (await admin().call("/api/settings/workflow", { workflow: "basic-approval" })).good();
  const later = { ...document, name: "Basic approval, later" };
  const { pages_behind } = await changed(admin(), "/api/settings/workflow/define", { document: later, values, based_on: newest });
  assert.equal(pages_behind, FEW + MANY);
  const spec = { kind: "migrate-pages", from: "basic-approval", to: { workflow: { workflow: "basic-approval", version: 0 } } };
  const { id, total } = await changed(admin(), "/api/settings/job/begin", { spec });
  assert.equal(total, FEW + MANY);
  await site.worker.idle();
  await site.advance(61_000);
  await site.worker.arm({ binding: "DB", match: "INTO journal", skip: 1, when: "after", delay: 400, error: "never told" });
  const running = site.worker.scheduled().catch(() => {});
  await site.worker.struck();
  await killAndRestart(site);
  await running;
  await site.advance(121_000);
  const job = await finished(site, admin(), id, { minutes: 200 });
  assert.deepEqual([job.state, job.counts], ["done", { seen: total, done: total, skipped: 0, failed: 0 }], JSON.stringify(job.pages));
  const streams = await site.sql(
    "SELECT COUNT(*) AS n, kinds FROM (SELECT group_concat(kind) AS kinds FROM (SELECT stream, kind FROM journal WHERE stream LIKE 'page/%' ORDER BY stream, seq) GROUP BY stream) GROUP BY kinds",
  );
  assert.deepEqual(streams, [{ n: total, kinds: "workflow-started,workflow-moved,state-entered" }]);
  const versions = await site.sql("SELECT workflow_version, COUNT(*) AS n FROM dashboard WHERE workflow = 'basic-approval' GROUP BY workflow_version");
  assert.deepEqual(versions, [{ workflow_version: newest + 1, n: total }]);
  await noGap(site, SITE.key);
});
