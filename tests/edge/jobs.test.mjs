// Work on many pages: started in bulk, moved, taken out; previewed, cancelled, waiting, gone on with.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { asked, changed, finished, noGap } from "../support/change.mjs";
import { ADMIN, AUTHOR, HANDBOOK, JONAS, REVIEWERS, SITE, SPACE } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const COUNT = 600;
const held = await siteForFile();
const admin = () => held.current.as(ADMIN).from("approval-settings");
const call = async (route, body = {}) => (await admin().call(route, body)).good();
const begin = (spec) => changed(admin(), "/api/settings/job/begin", { spec });
const done = async (spec) => finished(held.current, admin(), (await begin(spec)).id);
const start = (extent, workflow = "basic-approval") => ({ kind: "start-pages", extent, workflow, version: 0 });
const migrate = (from, to, more = {}) => ({ kind: "migrate-pages", from, to, ...more });
const onto = (workflow, states = {}) => ({ workflow: { workflow, version: 0, states } });
const pagesOf = async (workflow) =>
  held.current.sql("SELECT page, state, workflow_version FROM dashboard WHERE workflow = ? AND ended = 0 ORDER BY page", workflow);

before(async () => {
  await admin().enrol();
  await held.current.as(JONAS).enrol();
  const { document } = await call("/api/settings/workflow/template", { template: "basic-approval" });
  const values = { site: { reviewers: REVIEWERS } };
  await changed(admin(), "/api/settings/workflow/define", { document, values, based_on: 0 });
  const strict = { ...document, id: "strict", name: "Strict" };
  strict.states = document.states.map((state) => ({ ...state }));
  await changed(admin(), "/api/settings/workflow/define", { document: strict, values, based_on: 0 });
  await held.current.sandbox.manyPages({ count: COUNT, space: HANDBOOK.id, titlePrefix: "Old", label: "old" });
});

test("a preview counts what would be started, and changes nothing", async () => {
  const entries = await held.current.entries();
  const preview = await call("/api/settings/job/preview", { spec: start({ of: "space", space: HANDBOOK.id }) });
  assert.equal(preview.spec.version, 1);
  assert.ok(preview.pages >= 200 && preview.more, JSON.stringify(preview.pages));
  assert.equal(preview.states[0].then.id, "draft");
  assert.equal(preview.listed.length, 50);
  assert.ok(preview.listed.every((one) => one.title && !one.state));
  assert.equal(await held.current.entries(), entries);
});

test("what makes no sense is refused before anybody is asked for a code", async () => {
  for (const spec of [
    start({ of: "space", space: HANDBOOK.id }, "nope"),
    start({ of: "space", space: "x" }),
    { ...start({ of: "space", space: HANDBOOK.id }), version: 7 },
    migrate("nope", { end: {} }),
    migrate("basic-approval", onto("nope")),
    migrate("basic-approval", onto("strict", { draft: "nope" })),
    migrate("basic-approval", onto("basic-approval"), { from_version: 1 }),
  ]) {
    (await admin().call("/api/settings/job/begin", { spec })).refused(422, "bad-field");
  }
});

test("hundreds of pages come under a workflow, each once, in a handful of rows", async () => {
  const site = held.current;
  const own = await site.newPage({ title: "Has one", space: HANDBOOK.id });
  const tables = ["journal", "snapshot", "dashboard", "timer", "text", "outbox"];
  const count = async () => {
    const rows = {};
    for (const table of tables) rows[table] = (await site.sql(`SELECT COUNT(*) AS n FROM ${table}`))[0].n;
    return rows;
  };
  const before = await count();
  const job = await done(start({ of: "space", space: HANDBOOK.id }));
  assert.equal(job.state, "done", JSON.stringify(job));
  assert.ok(job.counts.done >= COUNT);
  assert.deepEqual([job.counts.seen, job.counts.failed], [job.counts.done + job.counts.skipped, 0]);
  assert.match(job.pages.find((note) => note.page === String(own)).reason, /“page-approval” already/);
  const after = await count();
  const rows = tables.reduce((sum, table) => sum + after[table] - before[table], 0);
  assert.ok(rows / job.counts.done < 3.2, `${rows} rows for ${job.counts.done} pages`);
  assert.equal(after.outbox, before.outbox, "nobody's mail or copy waits behind them");
  const streams = await site.sql("SELECT stream, COUNT(*) AS n FROM journal WHERE stream LIKE 'page/%' GROUP BY stream HAVING n > 1");
  assert.deepEqual(streams, [], "once each");
  await noGap(site, SITE.key);
  const facts = await site.journal("workflow-facts/basic-approval");
  assert.deepEqual(facts.map((row) => row.kind), ["job-begun", "job-ended"]);
  assert.deepEqual(facts[1].entry.event.counts, job.counts);
});

test("a page started in bulk is like any other: shown to viewers, submitted, approved", async () => {
  const site = held.current;
  const [{ page }] = await pagesOf("basic-approval");
  const confirmed = (await site.as(AUTHOR).on(page).confirm()).good();
  assert.equal(confirmed.status.state.id, "draft");
  await site.drain();
  (await site.as(AUTHOR).on(page).submit()).good();
  (await site.as(JONAS).on(page).approve()).good();
  const kinds = (await site.journal(`page/${page}`)).map((row) => row.kind);
  assert.deepEqual(kinds, ["workflow-started", "submitted", "state-entered", "decided", "state-entered"]);
});

test("the same job again finds nothing to do", async () => {
  const entries = await held.current.sql("SELECT COUNT(*) AS n FROM journal WHERE stream LIKE 'page/%'");
  const job = await done(start({ of: "label", space: HANDBOOK.id, label: "old" }));
  assert.deepEqual([job.state, job.counts.done, job.counts.skipped], ["done", 0, COUNT]);
  assert.deepEqual(await held.current.sql("SELECT COUNT(*) AS n FROM journal WHERE stream LIKE 'page/%'"), entries);
});

test("a tree is started with its top and nothing beside it", async () => {
  const site = held.current;
  const root = await site.sandbox.createPage({ title: "Top", macro: false });
  const child = await site.sandbox.createPage({ title: "Below", parent: root, macro: false });
  await site.sandbox.createPage({ title: "Beside", macro: false });
  const job = await done(start({ of: "tree", space: SPACE.id, root }));
  assert.deepEqual([job.state, job.counts.done], ["done", 2]);
  const started = await site.sql("SELECT page FROM dashboard WHERE page IN (?, ?)", String(root), String(child));
  assert.equal(started.length, 2);
});

test("a preview of a move says what becomes of each page, and which decisions are lost", async () => {
  const site = held.current;
  const [, { page }] = await pagesOf("basic-approval");
  (await site.as(AUTHOR).on(page).submit()).good();
  const spec = migrate("basic-approval", onto("strict", { approved: "draft" }));
  const preview = await call("/api/settings/job/preview", { spec });
  const lines = Object.fromEntries(preview.states.map((line) => [line.state.id, line]));
  assert.equal(lines.approved.then.id, "draft");
  assert.equal(lines["in-review"].then.id, "in-review");
  assert.equal(lines.draft.pages, preview.pages - 2);
  assert.deepEqual([preview.without_workflow, preview.lose_decisions], [0, 0]);
  const out = await call("/api/settings/job/preview", { spec: migrate("basic-approval", { end: {} }) });
  assert.equal(out.without_workflow, out.pages);
});

test("pages are moved, an unseen edit is recorded first, a review begins anew, and failures are named", async () => {
  const site = held.current;
  const all = await pagesOf("basic-approval");
  const inReview = all.find((one) => JSON.parse(one.state).id === "in-review").page;
  const edited = all.find((one) => JSON.parse(one.state).id === "draft").page;
  const gone = all.findLast((one) => JSON.parse(one.state).id === "draft").page;
  await site.sandbox.edit(edited);
  await site.sandbox.control("POST", `page/${gone}/trash`, { site: SITE.cloudId });
  const job = await done(migrate("basic-approval", onto("strict")));
  assert.equal(job.state, "done", JSON.stringify(job));
  assert.deepEqual([job.counts.done, job.counts.failed], [all.length - 1, 1], JSON.stringify(job.pages));
  assert.deepEqual(job.pages.map((note) => [note.page, note.failed]), [[gone, true]]);
  const kinds = async (page) => (await site.journal(`page/${page}`)).map((row) => row.kind);
  assert.deepEqual(await kinds(edited), ["workflow-started", "edited", "workflow-moved", "state-entered"]);
  const moved = (await site.journal(`page/${inReview}`)).at(-1).entry.event;
  assert.equal(moved.state.id, "in-review");
  assert.ok(moved.review.asked.length > 0, "somebody is asked again");
  const left = await pagesOf("basic-approval");
  assert.deepEqual(left.map((one) => one.page), [gone]);
  await site.drain();
  await noGap(site, SITE.key);
});

test("decisions under way are said to be lost, and are", async () => {
  const site = held.current;
  const { document } = await call("/api/settings/workflow/template", { template: "basic-approval" });
  const two = { ...document, id: "two", name: "Two", states: document.states.map((state) => ({ ...state })) };
  two.states[1].approvals = [{ ...two.states[1].approvals[0], mode: { minimum: 2 } }];
  await changed(admin(), "/api/settings/workflow/define", { document: two, values: { site: { reviewers: REVIEWERS } }, based_on: 0 });
  const page = await site.sandbox.createPage({ title: "Half approved", macro: false });
  await done(start({ of: "tree", space: SPACE.id, root: page }, "two"));
  (await site.as(AUTHOR).on(page).submit()).good();
  (await site.as(JONAS).on(page).approve()).good();
  const preview = await call("/api/settings/job/preview", { spec: migrate("two", onto("strict")) });
  assert.deepEqual([preview.pages, preview.lose_decisions], [1, 1]);
  assert.equal(preview.listed[0].title, "Half approved");
  await done(migrate("two", onto("strict")));
  const [{ fold }] = await site.sql("SELECT fold FROM snapshot WHERE stream = ?", `page/${page}`);
  const { review, workflow } = JSON.parse(fold);
  assert.deepEqual([workflow, review.decisions], ["strict", []]);
  await site.drain();
  assert.ok((await site.mailsTo(JONAS)).some((mail) => mail.text.includes("Half approved")), "whoever is asked again is told");
});

test("pages are taken out, and none is left", async () => {
  const site = held.current;
  const before = (await pagesOf("strict")).length;
  const job = await done(migrate("strict", { end: {} }));
  assert.deepEqual([job.state, job.counts.done, job.counts.failed], ["done", before, 0]);
  assert.deepEqual(await pagesOf("strict"), []);
  const again = await done(start({ of: "label", space: HANDBOOK.id, label: "old" }, "strict"));
  assert.equal(again.counts.done, 0, "whoever was taken out is not put under one again by a job");
  assert.match(again.pages[0].reason, /taken out/);
});

test("without the app's token a job waits and says so, and goes on once there is one", async () => {
  const site = held.current;
  await site.sandbox.manyPages({ count: 20, space: SPACE.id, titlePrefix: "Later", label: "later" });
  await site.sql("UPDATE installation SET app_token_sealed = NULL, token_exp = NULL");
  await site.advance(120_000);
  const { id } = await begin(start({ of: "label", space: SPACE.id, label: "later" }));
  await site.worker.idle();
  const waiting = await call("/api/settings/job", { job: id });
  assert.equal(waiting.state, "open");
  assert.match(waiting.waits, /token/);
  await site.hourly();
  const job = await finished(site, admin(), id);
  assert.deepEqual([job.state, job.counts.done], ["done", 20]);
});

test("a job whose answer was lost is not begun twice, and one that is cancelled stops", async () => {
  const site = held.current;
  const body = { spec: start({ of: "label", space: SPACE.id, label: "later" }, "strict") };
  const { challenge } = await asked(admin(), "/api/settings/job/begin", body);
  const sent = { ...body, confirm: { challenge, code: await admin().code() } };
  await site.worker.arm({ binding: "DB", match: "INTO job ", when: "after" });
  (await admin().call("/api/settings/job/begin", sent)).good();
  const first = (await admin().call("/api/settings/job/begin", sent)).good().done;
  const { jobs } = await call("/api/settings/jobs");
  assert.equal(jobs.filter((job) => job.id === first.id).length, 1);
  const job = await finished(site, admin(), first.id);
  assert.equal((await call("/api/settings/job/cancel", { job: job.id })).state, "done", "what is over can't be cancelled");
  (await admin().call("/api/settings/job", { job: "nope" })).refused(404, "not-found");

  await site.sql("UPDATE installation SET app_token_sealed = NULL, token_exp = NULL");
  await site.advance(120_000);
  const { id } = await begin(migrate("page-approval", onto("strict")));
  assert.equal((await call("/api/settings/job/cancel", { job: id })).state, "cancelled");
  await site.hourly();
  await site.worker.scheduled();
  assert.equal((await call("/api/settings/job", { job: id })).counts.seen, 0);
  assert.equal((await site.journal("workflow-facts/page-approval")).at(-1).entry.event.state, "cancelled");
});
