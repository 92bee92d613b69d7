// Atlassian's own @forge/bridge runs against the sandbox's __bridge: where the two drift apart, this turns red.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import path from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { launch } from "../e2e/browser.mjs";
import { APP_ACCOUNT, AUTHOR, ENVIRONMENT, GUEST, POLICY_PAGE, PROCEDURE_PAGE, SITE, SPACE } from "../support/identities.mjs";
import { SCRATCH } from "../support/place.mjs";
import { startSandbox } from "../support/sandbox.mjs";

const dist = path.join(SCRATCH, "bridge");
/** Notes each command the client gives, before the client takes hold of the bridge. */
const RECORDER = `
  globalThis.told = [];
  const real = globalThis.__bridge.callBridge;
  globalThis.__bridge = { callBridge: (cmd, data) => { told.push([cmd, data]); return real(cmd, data); } };
`;
let sandbox, browser, page, frame, edge;
const arrived = [];

/** Stands in for the Worker: says what came, or what the path asks for. */
async function startEdge() {
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    arrived.push({ method: request.method, url: request.url, headers: request.headers, body });
    const status = Number(request.url.match(/\/say\/(\d+)/)?.[1] ?? 200);
    response.writeHead(status, { "content-type": "application/json", "x-said": "twice" });
    response.end(JSON.stringify({ echo: body === "" ? null : JSON.parse(body) }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${server.address().port}`, stop: () => (server.closeAllConnections(), server.close()) };
}

before(async () => {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(path.join(dist, "macro"), { recursive: true });
  await build({
    stdin: { contents: 'import * as client from "@forge/bridge"; globalThis.client = client;', resolveDir: import.meta.dirname },
    bundle: true,
    format: "iife",
    outfile: path.join(dist, "macro/client.js"),
    logLevel: "error",
  });
  writeFileSync(path.join(dist, "macro/recorder.js"), RECORDER);
  const scripts = '<script src="./recorder.js"></script><script src="./client.js"></script>';
  writeFileSync(path.join(dist, "macro/index.html"), `<!doctype html><html><head><title>Client</title></head><body>${scripts}</body></html>`);
  const csp = path.join(dist, "csp.json");
  writeFileSync(csp, JSON.stringify({ macro: "default-src 'self' 'unsafe-inline' {assets}", settings: "default-src 'self'" }));
  edge = await startEdge();
  sandbox = await startSandbox({ dist, csp, edge: edge.url });
  browser = await launch();
  await openAs(AUTHOR);
});
after(async () => {
  await browser?.close();
  await sandbox?.stop();
  edge?.stop();
});

async function openAs(who) {
  const context = await browser.newContext();
  await context.addCookies([{ name: "sandbox-person", value: who.account, url: sandbox.url }]);
  page = await context.newPage();
  await page.goto(`${sandbox.url}/wiki/spaces/${SPACE.key}/pages/${POLICY_PAGE}`);
  await refreshFrame();
}

async function refreshFrame() {
  const handle = await page.waitForSelector('iframe[data-module="approval-macro"]');
  frame = await handle.contentFrame();
  await frame.waitForFunction(() => globalThis.client !== undefined);
}

/** Runs `act` in the frame; gives back its result, or the message it was rejected with, and the commands it gave. */
const inFrame = (act, argument) =>
  frame.evaluate(
    async ([source, given]) => {
      globalThis.told.length = 0;
      const outcome = {};
      try {
        outcome.result = await new Function("given", `return (${source})(given)`)(given);
      } catch (error) {
        outcome.error = String(error?.message ?? error);
      }
      const plain = (value) => JSON.parse(JSON.stringify(value, (_, part) => (typeof part === "function" ? "function" : part)) ?? "null");
      return { result: plain(outcome.result), error: outcome.error, told: plain(globalThis.told) };
    },
    [act.toString(), argument],
  );

test("view.getContext: the whole context, of this page and this person", async () => {
  const { result, told } = await inFrame(() => globalThis.client.view.getContext());
  assert.equal(told[0][0], "getContext");
  assert.equal(result.accountId, AUTHOR.account);
  assert.equal(result.cloudId, SITE.cloudId);
  assert.equal(result.moduleKey, "approval-macro");
  assert.equal(result.environmentId, ENVIRONMENT);
  assert.equal(result.extension.content.id, POLICY_PAGE);
  assert.equal(result.extension.space.key, SPACE.key);
  for (const member of ["localId", "locale", "siteUrl", "timezone", "environmentType"]) {
    assert.equal(typeof result[member], "string", member);
  }
  assert.match(result.locale, /^[a-z]{2}-[A-Z]{2}$/);
  assert.ok(["light", "dark"].includes(result.theme.colorMode));
  assert.equal(result.accountType, undefined, "the typed context knows no account type");
});

test("invokeRemote: to the Worker with a token, and back in the envelope the client reads", async () => {
  arrived.length = 0;
  const { result, told } = await inFrame(() =>
    globalThis.client.invokeRemote({ path: "/api/status", method: "POST", headers: { "x-own": "1" }, body: { a: [1, "é"] } }));
  assert.deepEqual(told[0], ["invoke", {
    path: "/api/status", method: "POST", headers: { "x-own": "1" }, body: { a: [1, "é"] }, invokeType: "ui-remote-fetch",
  }]);
  assert.equal(result.status, 200);
  assert.deepEqual(result.body, { echo: { a: [1, "é"] } });
  assert.deepEqual([].concat(result.headers["x-said"]), ["twice"]);
  const [call] = arrived;
  assert.equal(call.method, "POST");
  assert.equal(call.headers["x-own"], "1");
  assert.equal(call.headers["content-type"], "application/json");
  assert.match(call.headers.authorization, /^Bearer [\w-]+\.[\w-]+\.[\w-]+$/);
  for (const name of ["x-forge-oauth-user", "x-forge-oauth-system", "x-b3-traceid", "x-b3-spanid"]) {
    assert.ok(call.headers[name], name);
  }
});

test("invokeRemote: a refusal reaches the app as an answer, with its status and body", async () => {
  for (const status of [403, 409, 422, 503]) {
    const { result, error } = await inFrame((code) => globalThis.client.invokeRemote({ path: `/say/${code}`, method: "POST", body: {} }), status);
    assert.equal(error, undefined);
    assert.equal(result.status, status);
    assert.deepEqual(result.body, { echo: {} });
  }
});

test("invokeRemote: 401 is rejected with Forge's own sentence, a redirect too", async () => {
  const refused = await inFrame(() => globalThis.client.invokeRemote({ path: "/say/401", method: "POST", body: {} }));
  assert.match(refused.error, /could not verify the Forge Invocation Token/);
  const redirected = await inFrame(() => globalThis.client.invokeRemote({ path: "/say/302", method: "POST", body: {} }));
  assert.ok(redirected.error, "a redirect is an error");
});

test("requestConfluence: Confluence's answer with the person's own rights", async () => {
  const { result, told } = await inFrame(async (id) => {
    const answer = await globalThis.client.requestConfluence(`/wiki/api/v2/pages/${id}`, { headers: { accept: "application/json" } });
    return { status: answer.status, ok: answer.ok, page: await answer.json() };
  }, POLICY_PAGE);
  const [command, data] = told[0];
  assert.equal(command, "fetchProduct");
  assert.equal(data.product, "confluence");
  assert.equal(data.restPath, `/wiki/api/v2/pages/${POLICY_PAGE}`);
  assert.equal(data.isMultipartFormData, false);
  assert.deepEqual(data.fetchRequestInit.headers.toSorted(), [["accept", "application/json"], ["x-atlassian-token", "no-check"]]);
  assert.equal(result.status, 200);
  assert.equal(result.page.id, POLICY_PAGE);
  assert.equal(result.page.version.number, 1);
  const missing = await inFrame(async () => (await globalThis.client.requestConfluence("/wiki/api/v2/pages/424242")).status);
  assert.equal(missing.result, 404);
});

test("showFlag: shown with its words, and taken away by its handle", async () => {
  const { told } = await inFrame(() => {
    globalThis.flag = globalThis.client.showFlag({ id: "done", title: "Version 1 approved", description: "By you.", isAutoDismiss: false });
  });
  assert.deepEqual(told[0], ["showFlag", { id: "done", title: "Version 1 approved", description: "By you.", isAutoDismiss: false, type: "info" }]);
  await page.getByText("Version 1 approved").waitFor();
  const closed = await inFrame(() => globalThis.flag.close());
  assert.deepEqual(closed.told[0], ["closeFlag", { id: "done" }]);
  await page.getByText("Version 1 approved").waitFor({ state: "detached" });
});

test("view.theme.enable: the colour mode is on the page, and tokens are styled", async () => {
  const { told, error } = await inFrame(() => globalThis.client.view.theme.enable());
  assert.equal(error, undefined);
  assert.equal(told[0][0], "enableTheming");
  const html = await frame.evaluate(() => ({ ...document.documentElement.dataset }));
  assert.ok(["light", "dark"].includes(html.colorMode));
});

test("events: what is emitted reaches whoever listens, until they stop", async () => {
  const { result, told } = await inFrame(async () => {
    const heard = [];
    const subscription = await globalThis.client.events.on("PING", (payload) => heard.push(payload));
    await globalThis.client.events.emit("PING", { n: 1 });
    await new Promise((resolve) => setTimeout(resolve, 200));
    await subscription.unsubscribe();
    await globalThis.client.events.emit("PING", { n: 2 });
    await new Promise((resolve) => setTimeout(resolve, 200));
    return heard;
  });
  assert.deepEqual(result, [{ n: 1 }]);
  assert.deepEqual(told.find(([command]) => command === "emit")[1], { event: "PING", payload: { n: 1 } });
});

test("router.getUrl: an address of this site", async () => {
  const { result, told } = await inFrame(
    (id) => globalThis.client.router.getUrl({ target: "contentView", contentId: id }).then((url) => String(url)),
    PROCEDURE_PAGE,
  );
  assert.equal(told[0][0], "getUrl");
  assert.ok(result.includes(PROCEDURE_PAGE), result);
});

test("view.close outside of a dialog is rejected", async () => {
  assert.ok((await inFrame(() => globalThis.client.view.close())).error);
});

test("Modal: opens a frame of ours in a dialog, with the context passed on", async () => {
  const { told, error } = await inFrame(() =>
    new globalThis.client.Modal({ resource: "macro", size: "small", context: { say: "hello" }, onClose: (said) => (globalThis.closedWith = said) }).open());
  assert.equal(error, undefined);
  assert.equal(told[0][0], "openModal");
  assert.deepEqual(told[0][1].context, { say: "hello" });
  const dialog = await page.waitForSelector("dialog iframe");
  const inside = await dialog.contentFrame();
  await inside.waitForFunction(() => globalThis.client !== undefined);
  const context = await inside.evaluate(() => globalThis.client.view.getContext());
  assert.deepEqual(context.extension.modal, { say: "hello" });
  // The frame goes away while it is being asked.
  await inside.evaluate(() => void globalThis.client.view.close({ answer: 1 })).catch(() => {});
  await page.waitForSelector("dialog iframe", { state: "detached" });
  await frame.waitForFunction(() => globalThis.closedWith !== undefined);
  assert.deepEqual(await frame.evaluate(() => globalThis.closedWith), { answer: 1 });
});

test("a command nobody knows fails loudly", async () => {
  const { error } = await inFrame(() => globalThis.__bridge.callBridge("makeCoffee", {}));
  assert.match(error, /unsupported_bridge_call makeCoffee/);
});

test("router.navigate leads to the other page", async () => {
  const leaving = page.waitForURL(`**/pages/${PROCEDURE_PAGE}**`);
  const told = await frame.evaluate(async (id) => {
    globalThis.client.router.navigate({ target: "contentView", contentId: id });
    return globalThis.told.at(-1);
  }, PROCEDURE_PAGE);
  assert.equal(told[0], "navigate");
  assert.equal(told[1].type, "same-tab");
  assert.equal(told[1].target, "contentView");
  await leaving;
});

test("for a guest requestConfluence fails and the Worker gets no token of theirs", async () => {
  await openAs(GUEST);
  const asked = await inFrame(() => globalThis.client.requestConfluence("/wiki/api/v2/pages/98305"));
  assert.ok(asked.error, "Confluence is not open to guests through the bridge");
  arrived.length = 0;
  await inFrame(() => globalThis.client.invokeRemote({ path: "/api/status", method: "POST", body: {} }));
  assert.equal(arrived[0].headers["x-forge-oauth-user"], undefined);
  const claims = JSON.parse(Buffer.from(arrived[0].headers.authorization.split(".")[1], "base64url"));
  assert.equal(claims.principal, GUEST.account);
  assert.equal(claims.context.accountType, "unlicensed");
  assert.notEqual(claims.principal, APP_ACCOUNT);
});
