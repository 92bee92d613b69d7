// Pages by space, label and tree, groups and people: what the edge asks for, and what the sandbox answers, are what
// Atlassian's own descriptions say. The Worker is not needed: the addresses are those of the edge's sources.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { ADMIN, APP_ACCOUNT, HANDBOOK, JONAS, POLICY_PAGE, PRIYA, REVIEWERS, SITE, SPACE, SPACE_ADMIN, SPACE_HOME, VIEWER } from "../support/identities.mjs";
import { loadDocuments, missing } from "../support/openapi.mjs";
import { ROOT } from "../support/place.mjs";
import { startSandbox } from "../support/sandbox.mjs";

/** Every address in the sources that begin with this, placeholders as `{}`. */
const addresses = (...files) =>
  files
    .map((file) => readFileSync(path.join(ROOT, "edge/src/confluence", file), "utf8").split("#[cfg(test)]")[0])
    .flatMap((source) => [...source.matchAll(/"(\/wiki\/[^"]+)"/g)].map((match) => match[1].replace(/\{[^}]*\}/g, "{}")));

describe("lists", { skip: missing }, () => {
  let sandbox, documents, app, first, label;

  before(async () => {
    documents = loadDocuments();
    sandbox = await startSandbox();
    app = await sandbox.appToken();
    ({ first } = await sandbox.manyPages({ count: 300, space: HANDBOOK.id, label: "old", titlePrefix: "Chapter" }));
    await sandbox.manyPages({ count: 25, space: SPACE.id, parent: POLICY_PAGE, depth: 25 });
    await sandbox.setLabels(POLICY_PAGE, ["policy", "iso-27001"]);
    label = (await ask("/wiki/rest/api/label?name=old&type=page&limit=1")).label.id;
  });
  after(() => sandbox?.stop());

  /** A call as the app, or as somebody; its answer. */
  async function ask(address, { token = app, body, status = 200 } = {}) {
    const headers = { authorization: `Bearer ${token}`, accept: "application/json" };
    const init = body ? { method: "POST", headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(body) } : { headers };
    const answer = await fetch(`${sandbox.url}/ex/confluence/${SITE.cloudId}${address}`, init);
    assert.equal(answer.status, status, `${address}: ${await answer.clone().text()}`);
    return answer.json();
  }

  /** A list to its end. */
  async function all(address, options) {
    const found = [];
    for (let next = address; next; ) {
      const { results, _links } = await ask(next, options);
      found.push(...results);
      next = _links.next;
    }
    return found;
  }

  test("a space, a label and a tree are listed whole", async () => {
    const space = await all(`/wiki/api/v2/spaces/${HANDBOOK.id}/pages?status=current&sort=id&limit=250`);
    assert.equal(space.length, 301);
    assert.ok(space.every((page) => page.spaceId === HANDBOOK.id && page.version.number === 1));
    const labelled = await all(`/wiki/api/v2/labels/${label}/pages?space-id=${HANDBOOK.id}&sort=id&limit=250`);
    assert.equal(labelled.length, 300);
    assert.equal(labelled[0].id, first);
    const tree = await all(`/wiki/api/v2/pages/${SPACE_HOME}/descendants?depth=10&limit=249`);
    assert.equal(Math.max(...tree.map((node) => node.depth)), 10);
    const named = await all(`/wiki/api/v2/pages?status=current&limit=250&id=${SPACE_HOME}&id=${tree[0].id}`);
    assert.deepEqual(named.map((page) => page.id).sort(), [SPACE_HOME, tree[0].id].sort());
  });

  test("labels, ancestors, groups and accounts", async () => {
    const labels = await all(`/wiki/api/v2/pages/${POLICY_PAGE}/labels?prefix=global&limit=250`);
    assert.deepEqual(labels.map((one) => one.name), ["iso-27001", "policy"]);
    const above = await all(`/wiki/api/v2/pages/${POLICY_PAGE}/ancestors?limit=250`);
    assert.deepEqual(above, [{ id: SPACE_HOME, type: "page" }]);
    assert.equal((await ask(`/wiki/rest/api/group/by-id?id=${REVIEWERS}`)).id, REVIEWERS);
    assert.equal((await ask("/wiki/rest/api/group/picker?query=approvers&limit=40")).results[0].id, REVIEWERS);
    const { results } = await ask(`/wiki/rest/api/group/${REVIEWERS}/membersByGroupId?start=0&limit=2`);
    assert.equal(results.length, 2);
    await sandbox.setTimeZone(VIEWER.account, null);
    const people = (await ask(`/wiki/rest/api/user/bulk?accountId=${PRIYA.account}&accountId=${VIEWER.account}`)).results;
    assert.deepEqual(people.map((one) => one.timeZone), [PRIYA.timeZone, null]);
    await sandbox.deactivate(JONAS.account);
    const accounts = await ask("/wiki/api/v2/users-bulk", { body: { accountIds: [JONAS.account, PRIYA.account, APP_ACCOUNT] } });
    assert.deepEqual(accounts.results.map((one) => one.accountStatus), ["inactive", "active", "active"]);
    await sandbox.deactivate(JONAS.account, false);
  });

  test("a space's administrators are told from others", async () => {
    for (const [who, may] of [[ADMIN, true], [SPACE_ADMIN, true], [PRIYA, false]]) {
      const { operations } = await ask(`/wiki/api/v2/spaces/${SPACE.id}/operations`, { token: await sandbox.userToken(who.account) });
      assert.equal(operations.some((one) => one.operation === "administer" && one.targetType === "space"), may, who.name);
    }
  });

  test("a refusal, a wait and a broken connection strike lists as well", async () => {
    const address = `/wiki/api/v2/spaces/${HANDBOOK.id}/pages?limit=250`;
    await sandbox.fault({ method: "GET", path: `/wiki/api/v2/spaces/${HANDBOOK.id}/pages`, times: 1, kind: "status", status: 429, retryAfter: 7 });
    await ask(address, { status: 429 });
    await ask(address);
    await ask(`${address}&cursor=nonsense`, { status: 400 });
    await ask("/wiki/api/v2/spaces/1/pages", { status: 404 });
  });

  test("a moved page says where it was, a label says nothing", async () => {
    await sandbox.events();
    await sandbox.setLabels(POLICY_PAGE, ["policy"]);
    await sandbox.movePage(POLICY_PAGE, { space: HANDBOOK.id });
    const [event, ...others] = await sandbox.events();
    assert.deepEqual(others, []);
    assert.equal(event.eventType, "avi:confluence:moved:page");
    assert.deepEqual([event.prevContent.space.key, event.content.space.key], [SPACE.key, HANDBOOK.key]);
    await sandbox.movePage(POLICY_PAGE, { parent: SPACE_HOME });
    assert.equal((await sandbox.page(POLICY_PAGE)).space, Number(SPACE.id));
  });

  test("a year later, tokens are of that year", async () => {
    await sandbox.setClock(366 * 24 * 3600_000);
    await ask(`/wiki/api/v2/spaces/${SPACE.id}/pages`, { status: 404 });
    const query = `/wiki/api/v2/spaces/${SPACE.id}/pages`;
    await ask(query, { token: await sandbox.appToken() });
    await ask(query, { token: await sandbox.userToken(PRIYA.account) });
    await sandbox.setClock(0);
    await ask(query);
  });

  test("all of it is as described, and every address of the edge's lists was asked for", async () => {
    const calls = await sandbox.calls();
    const unknown = calls.flatMap((call) => documents.faultsOfCall(call).map((fault) => `${call.path}?${call.query}: ${fault}`));
    assert.deepEqual([...new Set(unknown)], []);
    const odd = calls.flatMap((call) => documents.faultsOfAnswer(call).map((fault) => `${call.path} ${call.status}: ${fault}`));
    assert.deepEqual([...new Set(odd)], []);
    const asked = new Set(calls.map((call) => call.path.replace(/\/\d+(?=\/|$)/g, "/{}").replace(REVIEWERS, "{}")));
    // Only deep trees lead below folders and the like, and the sandbox has none.
    const elsewhere = /\/(folders|whiteboards|databases|embeds)\//;
    const wanted = addresses("label.rs", "tree.rs", "listing/mod.rs", "listing/place.rs").filter((one) => !elsewhere.test(one));
    for (const address of wanted) assert.ok(asked.has(address.split("?")[0]), address);
    assert.ok(wanted.length >= 7, wanted.join());
  });

  test("below folders and the like the edge asks as described, too", () => {
    const deep = addresses("listing/place.rs").map((address) => address.replace("{}", "1").replace("{}", "10").replace("{}", "249"));
    assert.equal(deep.length, 5);
    for (const address of deep) {
      const [called, query] = address.split("?");
      assert.deepEqual(documents.faultsOfCall({ method: "GET", path: called, query, request: null }), [], address);
    }
  });
});
