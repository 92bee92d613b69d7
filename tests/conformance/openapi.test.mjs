// The edge's calls to Confluence, and the sandbox's answers, are what Atlassian's own descriptions say.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { ADMIN, AUTHOR, BYLINE_PROPERTY, GUEST, JONAS, POLICY_PAGE, PROCEDURE_PAGE, REVIEWERS, VIEWER } from "../support/identities.mjs";
import { loadDocuments, missing } from "../support/openapi.mjs";
import { startSite } from "../support/site.mjs";

describe("REST calls and answers", { skip: missing }, () => {
  let site, calls, documents;

  before(async () => {
    documents = loadDocuments();
    site = await startSite();
    await wholeStory();
    calls = (await site.sandbox.calls()).filter((call) => call.via === "remote");
  });
  after(() => site?.stop());

  /** Everything the edge ever asks Confluence for. */
  async function wholeStory() {
    const { sandbox } = site;
    await sandbox.attach(POLICY_PAGE, "annex.pdf", "first");
    await site.as(JONAS).enrol();
    (await site.as(AUTHOR).submit({ comment: "Please." })).good();
    (await site.as(JONAS).actions()).good();
    (await site.as(JONAS).approve()).good();
    await site.edit(POLICY_PAGE, { text: "<p>Changed.</p>" });
    (await site.as(AUTHOR).submit()).good();
    (await site.as(JONAS).challenge("reject")).good();
    (await site.as(JONAS).reject("Not like this.")).good();
    (await site.as(GUEST).confirm()).good();
    (await site.as(GUEST).actions()).good();
    await sandbox.putGroup({ id: REVIEWERS, name: "Policy approvers", members: [GUEST.account, JONAS.account] });
    (await site.as(AUTHOR).on(PROCEDURE_PAGE).submit()).good();
    await site.advance(61_000);
    (await site.as(GUEST).on(PROCEDURE_PAGE).actions()).good();
    (await site.as(GUEST).on(PROCEDURE_PAGE).challenge()).refused(422, "no-factor");
    await sandbox.forgeProperty(POLICY_PAGE, BYLINE_PROPERTY, { title: "Approved" });
    (await site.as(VIEWER).confirm()).good();
    (await site.as(VIEWER).from("approval-space").call("/api/space/overview")).good();
    (await site.as(ADMIN).from("approval-settings").call("/api/settings/overview")).good();
    (await site.as(VIEWER).from("approval-settings").call("/api/settings/overview")).refused(403, "not-allowed");
    const challenge = (await site.as(JONAS).on(PROCEDURE_PAGE).challenge()).good();
    for (let salt = 0; salt < 5; salt += 1) {
      await site.as(JONAS).on(PROCEDURE_PAGE).decide(challenge, { code: site.as(JONAS).wrongCode(salt) });
    }
    (await site.hourly()).good();
    await site.advance(10_000);
    await site.drain();
  }

  test("the story makes every kind of call", () => {
    const kinds = new Set(calls.map((call) => `${call.method} ${call.path.replace(/\/\d+/g, "/{id}")}`));
    for (const kind of [
      "GET /wiki/api/v2/pages/{id}", "GET /wiki/api/v2/pages/{id}/attachments", "GET /wiki/api/v2/pages/{id}/properties",
      "POST /wiki/api/v2/pages/{id}/properties", "PUT /wiki/api/v2/pages/{id}/properties/{id}", "GET /wiki/rest/api/user",
      "GET /wiki/rest/api/user/memberof", "GET /wiki/rest/api/user/email", "GET /wiki/rest/api/user/current",
      "POST /wiki/rest/api/content/{id}/permission/check",
    ]) {
      assert.ok(kinds.has(kind), `${kind} was not made: ${[...kinds].join(", ")}`);
    }
  });

  test("each call is an operation with the parameters and the body it is described with", () => {
    const faults = calls.flatMap((call) => documents.faultsOfCall(call).map((fault) => `${call.method} ${call.path}?${call.query}: ${fault}`));
    assert.deepEqual([...new Set(faults)], []);
  });

  test("each answer of the sandbox has the shape it is described with", () => {
    const faults = calls.flatMap((call) => documents.faultsOfAnswer(call).map((fault) => `${call.method} ${call.path} ${call.status}: ${fault}`));
    assert.deepEqual([...new Set(faults)], []);
  });

  test("no call was answered with “unknown” by the sandbox", () => {
    assert.doesNotMatch(site.sandbox.log, /UNKNOWN REST CALL/);
  });

  test("a call that is none, a parameter nobody knows and a body of another shape are found", () => {
    const get = { method: "GET", path: `/wiki/api/v2/pages/${POLICY_PAGE}`, query: "", request: null };
    assert.deepEqual(documents.faultsOfCall(get), []);
    assert.equal(documents.faultsOfCall({ ...get, path: "/wiki/api/v2/pagez/1" }).length, 1);
    assert.equal(documents.faultsOfCall({ ...get, query: "inclde-version=true" }).length, 1);
    assert.equal(documents.faultsOfCall({ ...get, query: "include-version=maybe" }).length, 1);
    const check = { method: "POST", path: `/wiki/rest/api/content/${POLICY_PAGE}/permission/check`, query: "" };
    const good = { subject: { type: "user", identifier: "712020:guest" }, operation: "read" };
    assert.deepEqual(documents.faultsOfCall({ ...check, request: good }), []);
    assert.ok(documents.faultsOfCall({ ...check, request: { ...good, subject: { type: "robot" } } }).length > 0);
    assert.ok(documents.faultsOfAnswer({ ...get, status: 200, response: { id: 7, version: "x" } }).length > 0);
  });
});
