// Workflows as Confluence admins define, check, disable, delete and import them, each change confirmed with a code.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { asked, changed, finished } from "../support/change.mjs";
import { ADMIN, AUTHOR, JONAS, OTHER_SITE, REVIEWERS, SPACE_ADMIN, VIEWER } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const admin = () => held.current.as(ADMIN).from("approval-settings");
const call = async (route, body = {}) => (await admin().call(route, body)).good();
const basic = async () => (await call("/api/settings/workflow/template", { template: "basic-approval" })).document;
const values = { site: { reviewers: REVIEWERS } };
const DEFINE = "/api/settings/workflow/define";
const STANDING = "/api/settings/workflow/standing";

before(async () => {
  await admin().enrol();
});

test("the list shows the built-in workflow and the templates", async () => {
  const { workflows, templates } = await call("/api/settings/workflows");
  assert.deepEqual(workflows.map((one) => [one.id, one.version, one.standing]), [["page-approval", 1, "active"]]);
  assert.equal(templates.length, 5);
  for (const { id } of templates) {
    const { document, parameters } = await call("/api/settings/workflow/template", { template: id });
    assert.equal(document.id, id);
    assert.ok(parameters.length > 0);
  }
  (await admin().call("/api/settings/workflow/template", { template: "nope" })).refused(404, "not-found");
});

test("a check names faults, warnings, what can't be done yet, and the parameters", async () => {
  const good = await call("/api/settings/workflow/check", { document: await basic(), values });
  assert.deepEqual([good.faults, good.warnings, good.not_carried_out], [[], [], []]);
  assert.deepEqual(good.parameters.map((one) => one.name), ["reviewers"]);
  const unset = await call("/api/settings/workflow/check", { document: await basic() });
  assert.match(unset.faults[0].what, /reviewers/);
  const bad = { ...values, spaces: { 65537: { reviewers: 7 } } };
  const ofSpace = await call("/api/settings/workflow/check", { document: await basic(), values: bad });
  assert.match(ofSpace.faults[0].what, /^With the values of the space 65537: /);
  assert.ok((await call("/api/settings/workflow/check", { document: { format: 1, states: [] } })).faults.length > 2);
});

test("only Confluence admins may ask for any of it, and only from the settings", async () => {
  for (const who of [VIEWER, AUTHOR, SPACE_ADMIN]) {
    const person = held.current.as(who).from("approval-settings");
    (await person.call("/api/settings/workflows")).refused(403, "not-allowed");
    (await person.call(DEFINE, { document: await basic(), values, based_on: 0 })).refused(403, "not-allowed");
    (await person.call("/api/settings/jobs")).refused(403, "not-allowed");
  }
  (await held.current.as(ADMIN).call(DEFINE, { document: await basic(), values, based_on: 0 })).refused(403, "wrong-route");
});

test("a definition with faults is refused with all of them, before anybody is asked for a code", async () => {
  const problem = (await admin().call(DEFINE, { document: await basic(), values: {}, based_on: 0 })).refused(422, "bad-definition");
  assert.equal(problem.faults.length, 1);
});

test("a new workflow is in force once it is confirmed, and the journal says who did it", async () => {
  const site = held.current;
  const body = { document: await basic(), values, based_on: 0 };
  const entries = await site.entries();
  const { challenge, code_required, act } = await asked(admin(), DEFINE, body);
  assert.deepEqual([code_required, act], [true, "define-workflow"]);
  assert.equal(await site.entries(), entries, "asking changes nothing");

  const code = await admin().code();
  const other = { ...body, document: { ...body.document, name: "Another" } };
  (await admin().call(DEFINE, { ...other, confirm: { challenge, code } })).refused(422, "challenge-invalid");
  (await admin().call(STANDING, { workflow: "page-approval", based_on: 1, standing: "disabled", confirm: { challenge, code } }))
    .refused(422, "challenge-invalid");
  (await admin().call(DEFINE, { ...body, confirm: { challenge, code: "" } })).refused(422, "bad-field");
  (await admin().call(DEFINE, { ...body, confirm: { challenge, code: admin().wrongCode() } })).refused(422, "wrong-code");

  const sent = { ...body, confirm: { challenge, code: await admin().code() } };
  const { done } = (await admin().call(DEFINE, sent)).good();
  assert.deepEqual([done.workflow, done.version, done.pages_behind], ["basic-approval", 1, 0]);
  const [entry] = await site.journal("workflow/basic-approval");
  assert.deepEqual(entry.entry.actor, { is: "person", account: ADMIN.account });
  assert.equal(entry.entry.event.document.name, "Basic approval");
  const fact = (await site.journal(`person-facts/${ADMIN.account}`)).findLast((row) => row.kind === "change-confirmed");
  assert.equal(fact.entry.event.act, "define-workflow");
  const { proof } = fact.entry.event;
  assert.ok(proof.factor.factor && proof.factor.step && proof.challenge);
  assert.equal(proof.factor.kind, "totp");

  const before = await site.entries();
  assert.equal((await admin().call(DEFINE, sent)).good().done.version, 1, "repeated: the same answer");
  assert.equal(await site.entries(), before);
});

test("a confirmation is good for five minutes, on this site, for this admin", async () => {
  const site = held.current;
  const body = { document: { ...(await basic()), id: "late" }, values, based_on: 0 };
  const { challenge } = await asked(admin(), DEFINE, body);
  const sent = async () => ({ ...body, confirm: { challenge, code: await admin().code() } });
  const elsewhere = site.as(ADMIN).from("approval-settings").at(OTHER_SITE);
  (await elsewhere.call(DEFINE, await sent())).refused(422, "challenge-invalid");
  await site.sandbox.putPerson({ accountId: "712020:second-admin", name: "Second", email: "second@example.com", admin: true });
  const second = site.as({ account: "712020:second-admin", name: "Second", email: "second@example.com", accountType: "licensed" }).from("approval-settings");
  (await second.call(DEFINE, await sent())).refused(422, "challenge-invalid");
  await site.advance(301_000);
  (await admin().call(DEFINE, await sent())).refused(410, "challenge-expired");
  (await admin().call("/api/settings/workflow", { workflow: "late" })).refused(404, "not-found");
});

test("a code counts once, also for two changes", async () => {
  const document = { ...(await basic()), id: "twice" };
  const first = { document, values, based_on: 0 };
  const second = { document: { ...document, id: "thrice" }, values, based_on: 0 };
  const [one, two] = [await asked(admin(), DEFINE, first), await asked(admin(), DEFINE, second)];
  const code = await admin().code();
  (await admin().call(DEFINE, { ...first, confirm: { challenge: one.challenge, code } })).good();
  (await admin().call(DEFINE, { ...second, confirm: { challenge: two.challenge, code } })).refused(422, "code-used");
});

test("whoever started from an older version is told so", async () => {
  const document = { ...(await basic()), name: "Basic approval, later" };
  (await admin().call(DEFINE, { document, values, based_on: 0 })).refused(409, "conflict");
  const done = await changed(admin(), DEFINE, { document, values, based_on: 1 });
  assert.equal(done.version, 2);
  const { history, newest, version, definition } = await call("/api/settings/workflow", { workflow: "basic-approval" });
  assert.deepEqual(history.map((line) => [line.version, line.by, line.standing]), [
    [2, ADMIN.account, "active"],
    [1, ADMIN.account, "active"],
  ]);
  assert.deepEqual([newest, version, definition.states.length], [2, 2, 3]);
  const first = await call("/api/settings/workflow", { workflow: "basic-approval", version: 1 });
  assert.equal(first.document.name, "Basic approval");
  (await admin().call("/api/settings/workflow", { workflow: "basic-approval", version: 9 })).refused(404, "not-found");
});

test("a workflow in use is disabled only when it is said what becomes of its pages", async () => {
  const site = held.current;
  await site.newPage({ title: "In use" });
  const page = await site.newPage({ title: "In review" });
  (await site.as(AUTHOR).on(page).submit()).good();
  await site.as(JONAS).enrol();
  const { version } = await call("/api/settings/workflow", { workflow: "page-approval" });
  const body = { workflow: "page-approval", based_on: version, standing: "deleted" };
  const { "in-use": inUse } = (await admin().call(STANDING, body)).good();
  assert.ok(inUse.preview.pages >= 2);
  assert.equal(inUse.preview.without_workflow, inUse.preview.pages);
  assert.ok(inUse.preview.listed.some((one) => one.title === "In review" && one.state.id === "in-review" && !one.then));
  assert.deepEqual(inUse.rules.map((one) => one.rule.id), ["built-in"]);
  (await admin().call(STANDING, { ...body, pages: { leave: {} } })).refused(422, "bad-field");
  (await admin().call(STANDING, { ...body, pages: { "migrate-to": { workflow: "nope" } } })).refused(422, "bad-field");

  const done = await changed(admin(), STANDING, { ...body, standing: "disabled", pages: { leave: {} } });
  assert.equal(done.version, version + 1);
  (await site.as(JONAS).on(page).approve()).good();
  const fresh = await site.sandbox.createPage({ title: "Too late" });
  await site.deliver();
  assert.deepEqual(await site.journal(`page/${fresh}`), [], "no new page comes under it");
});

test("a workflow is deleted and its pages are moved in one go", async () => {
  const site = held.current;
  const { version } = await call("/api/settings/workflow", { workflow: "page-approval" });
  const body = { workflow: "page-approval", based_on: version, standing: "deleted", pages: { "migrate-to": { workflow: "basic-approval" } } };
  const done = await changed(admin(), STANDING, body);
  const job = await finished(site, admin(), done.job);
  assert.equal(job.state, "done", JSON.stringify(job));
  assert.equal(job.counts.failed, 0, JSON.stringify(job.pages));
  assert.equal(job.counts.done, job.total);
  const { workflows } = await call("/api/settings/workflows");
  assert.deepEqual(workflows.map((one) => one.id).sort(), ["basic-approval", "twice"]);
  assert.equal(workflows.find((one) => one.id === "basic-approval").pages, job.total);
});

test("what Comala wrote is read, with a report", async () => {
  const source = { name: "Old ways", states: [{ name: "Draft", initial: true, transitions: [{ name: "Go", to: "Done" }] }, { name: "Done", final: true }], macros: 1 };
  const { document, report } = await call("/api/settings/workflow/import", { source });
  assert.equal(document.name, "Old ways");
  assert.ok(report.some((note) => note.at.includes("macros")), JSON.stringify(report));
});

test("a document as long as one may be still fits", async () => {
  const document = await basic();
  document.description = "x".repeat(500);
  const body = JSON.stringify({ document, values }) + " ".repeat(300 * 1024);
  const answer = await admin().call("/api/settings/workflow/check", {}, { raw: body });
  assert.deepEqual(answer.good().faults, []);
  (await admin().call("/api/settings/workflow/check", {}, { raw: body + " ".repeat(200 * 1024) })).refused(413, "too-large");
  (await admin().call("/api/settings/workflow", {}, { raw: body })).refused(413, "too-large");
});
