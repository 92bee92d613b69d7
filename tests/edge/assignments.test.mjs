// Which pages come under which workflow, as admins say and as pages then do.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { asked, changed } from "../support/change.mjs";
import { ADMIN, AUTHOR, LUNCH_PAGE, POLICY_PAGE, REVIEWERS, SPACE, SPACE_ADMIN, VIEWER } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const admin = () => held.current.as(ADMIN).from("approval-settings");
const spaceAdmin = () => held.current.as(SPACE_ADMIN).from("approval-space");
const call = async (route, body = {}) => (await admin().call(route, body)).good();
const list = (space) => call("/api/settings/assignments", space ? { space } : {});
const rule = (id, scope, workflow, mode) => ({ id, scope, mode, ...(workflow && { workflow }) });
const BUILT_IN = rule("built-in", { of: "site" }, "page-approval", "enabled");
const assign = async (rules, more = {}) =>
  changed(admin(), "/api/settings/assign", { rules, based_on: (await list(more.space)).version, ...more });
const whatIf = (page, more = {}) => call("/api/settings/what-if", { page, ...more });
const workflowOf = async (page) => (await held.current.journal(`page/${page}`)).at(0)?.entry.event.workflow;

before(async () => {
  await admin().enrol();
  await spaceAdmin().from("approval-macro").enrol();
  const { document } = await call("/api/settings/workflow/template", { template: "basic-approval" });
  await changed(admin(), "/api/settings/workflow/define", { document, values: { site: { reviewers: REVIEWERS } }, based_on: 0 });
});

test("a new site lets every page use the built-in workflow", async () => {
  const { version, rules, checked, workflows } = await list();
  assert.deepEqual([version, rules], [1, [BUILT_IN]]);
  assert.deepEqual(checked, { faults: [], warnings: [] });
  assert.deepEqual(workflows.map((one) => one.workflow).sort(), ["basic-approval", "page-approval"]);
  assert.deepEqual((await list(SPACE.id)).rules, []);
});

test("faults are named, and nobody is asked for a code", async () => {
  const rules = [rule("a", { of: "site" }, "nope", "enabled"), rule("a", { of: "label", label: "Not a label" }, "page-approval", "enabled")];
  const problem = (await admin().call("/api/settings/assign", { rules, based_on: 1 })).refused(422, "bad-definition");
  assert.deepEqual(problem.faults.map((fault) => fault.at), ["/0/workflow", "/1/id", "/1/scope"]);
  (await admin().call("/api/settings/assign", { rules: [BUILT_IN], based_on: 7 })).refused(409, "conflict");
  (await admin().call("/api/settings/assign", { rules: [{ ...BUILT_IN, mode: "perhaps" }], based_on: 1 })).refused(422, "bad-request");
});

test("a list is set once it is confirmed, for this list alone", async () => {
  const site = held.current;
  const body = { rules: [rule("hr", { of: "label", label: "hr" }, "basic-approval", "default")], based_on: 0, space: SPACE.id };
  const { challenge } = await asked(admin(), "/api/settings/assign", body);
  const code = await admin().code();
  for (const forged of [{ ...body, space: "65538" }, { ...body, rules: [] }, { ...body, based_on: 1 }]) {
    (await admin().call("/api/settings/assign", { ...forged, confirm: { challenge, code } })).refused(422, "challenge-invalid");
  }
  const { done } = (await admin().call("/api/settings/assign", { ...body, confirm: { challenge, code } })).good();
  assert.equal(done.version, 1);
  const [entry] = await site.journal(`assignment/${SPACE.id}`);
  assert.deepEqual(entry.entry.event, { kind: "assignments-set", version: 1, space: SPACE.id, rules: body.rules });
  assert.deepEqual((await list()).spaces, [SPACE.id]);
});

test("a page comes under the workflow the rules give it", async () => {
  const site = held.current;
  const labelled = await site.newPage({ title: "Pay", labels: ["hr"], macro: false });
  const plain = await site.newPage({ title: "Plain" });
  const bare = await site.newPage({ title: "No macro", macro: false });
  assert.equal(await workflowOf(labelled), "basic-approval", "by default, also without the macro");
  assert.equal(await workflowOf(plain), "page-approval");
  assert.equal(await workflowOf(bare), undefined, "enabled waits for the macro");
});

test("what if tells which rule decides and which it overrules", async () => {
  const site = held.current;
  const page = await site.sandbox.createPage({ title: "Asked about", labels: ["hr"], macro: false });
  const { title, space, labels, explanation, runs_on } = await whatIf(page);
  assert.deepEqual([title, space, labels], ["Asked about", SPACE.id, ["hr"]]);
  assert.deepEqual([explanation.decided.level, explanation.decided.rule.id], ["space", "hr"]);
  assert.deepEqual(explanation.overruled.map((one) => one.rule.id), ["built-in"]);
  assert.equal(runs_on, undefined);
  const other = await whatIf(page, { rules: [rule("tree", { of: "tree", root: page }, undefined, "disabled")], for_space: true });
  assert.equal(other.explanation.assigned, null);
  assert.equal(other.explanation.decided.rule.id, "tree");
});

test("a lower level cannot undo what is required above", async () => {
  const site = held.current;
  await assign([rule("all", { of: "site" }, "basic-approval", "required")]);
  const rules = [rule("off", { of: "page", page: LUNCH_PAGE }, undefined, "disabled")];
  const { version } = await list(SPACE.id);
  const problem = (await admin().call("/api/settings/assign", { rules, based_on: version, space: SPACE.id })).refused(422, "bad-definition");
  assert.match(problem.faults[0].what, /“all” of the site makes the workflow “basic-approval” Required/);
  assert.match((await list(SPACE.id)).checked.warnings[0].what, /never decides/, "what was set before is overruled, and said so");
  const page = await site.newPage({ title: "Required", macro: false });
  assert.equal(await workflowOf(page), "basic-approval");
  await assign([BUILT_IN]);
});

test("disabled means no workflow, for somebody who submits too", async () => {
  const site = held.current;
  const page = await site.sandbox.createPage({ title: "Left alone" });
  await assign([rule("off", { of: "page", page }, undefined, "disabled")], { space: SPACE.id });
  await site.deliver();
  assert.equal(await workflowOf(page), undefined);
  (await site.as(AUTHOR).on(page).submit()).refused(409, "not-under-workflow");
  assert.deepEqual(await site.journal(`page/${page}`), []);
});

test("space admins assign only where the site lets them, and only in their space", async () => {
  const site = held.current;
  (await spaceAdmin().call("/api/space/assignments")).refused(403, "not-allowed");
  await assign([BUILT_IN], { space_admins: true });
  const mine = (await spaceAdmin().call("/api/space/assignments", { space: "65538" })).good();
  assert.equal(mine.space, SPACE.id, "whatever the body says");
  assert.deepEqual(mine.higher, [BUILT_IN]);
  assert.deepEqual(mine.workflows.find((one) => one.workflow === "basic-approval").parameters.map((one) => one.name), ["reviewers"]);
  for (const who of [VIEWER, AUTHOR]) {
    (await site.as(who).from("approval-space").call("/api/space/assignments")).refused(403, "not-allowed");
  }
  const rules = [rule("mine", { of: "space" }, "basic-approval", "enabled")];
  const done = await changed(spaceAdmin(), "/api/space/assign", { rules, based_on: mine.version });
  assert.equal(done.version, mine.version + 1);
  assert.deepEqual((await list(SPACE.id)).rules, rules);
  (await spaceAdmin().call("/api/space/assign", { rules, based_on: done.version, space_admins: true })).refused(422, "bad-field");
  (await spaceAdmin().call("/api/settings/assign", { rules, based_on: done.version })).refused(403, "wrong-route");
});

test("space admins set their space's values, and only pages of that space see them", async () => {
  const body = { workflow: "basic-approval", based_on: 1, values: { reviewers: "another-group" } };
  const bad = { ...body, values: { reviewers: 7 } };
  assert.equal((await spaceAdmin().call("/api/space/values", bad)).refused(422, "bad-definition").faults.length, 1);
  const done = await changed(spaceAdmin(), "/api/space/values", body);
  assert.equal(done.version, 2);
  const { values } = await call("/api/settings/workflow", { workflow: "basic-approval" });
  assert.deepEqual(values, { site: { reviewers: REVIEWERS }, spaces: { [SPACE.id]: { reviewers: "another-group" } } });
  const { workflows } = (await spaceAdmin().call("/api/space/assignments")).good();
  assert.deepEqual(workflows.find((one) => one.workflow === "basic-approval").values, { reviewers: "another-group" });
});

test("a page under a workflow stays under it whatever the rules become", async () => {
  const before = await workflowOf(POLICY_PAGE);
  await assign([], { space: SPACE.id });
  await held.current.edit(POLICY_PAGE);
  const { runs_on } = await whatIf(POLICY_PAGE);
  assert.equal(runs_on, before ?? "page-approval");
});
