// A host page that answers what it is told to: the built app under its production policy, Atlassian's tokens around it.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../../support/place.mjs";
import { DIST, mustBeBuilt } from "../dist.mjs";
import { local, page as builtPage } from "../../conformance/csp.mjs";
import { manifest } from "../../conformance/forge.mjs";
import { BEGAN } from "./data.mjs";

export const ORIGIN = "https://app.countersign.test";
const KINDS = { html: "text/html", js: "text/javascript", css: "text/css", wasm: "application/wasm", svg: "image/svg+xml" };
const THEMES = ["light", "dark", "spacing", "typography", "shape"];

async function tokens() {
  const sheets = THEMES.map(async (theme) => {
    const file = path.join(ROOT, `node_modules/@atlaskit/tokens/dist/esm/artifacts/themes/atlassian-${theme}.js`);
    return (await import(file)).default;
  });
  return (await Promise.all(sheets)).join("\n");
}

/** What lies under a frame in Confluence: the page, or the overlay the byline opens. */
const ground = (module) =>
  `html { background: var(${module === "approval-byline" ? "--ds-surface-overlay" : "--ds-surface"}); }`;

/** Serves the app to a context, no network needed. */
export async function serve(context) {
  const css = await tokens();
  const policies = Object.fromEntries(manifest.resources.map((each) => [each.key, local(builtPage(each, DIST), ORIGIN)]));
  mustBeBuilt();
  // Confluence gives a frame the height of what is in it.
  await context.exposeBinding("__height", ({ page }, height) => page.setViewportSize({ width: page.viewportSize().width, height }).catch(() => {}));
  await context.route(`${ORIGIN}/**`, (route) => {
    const { pathname, searchParams } = new URL(route.request().url());
    if (pathname === "/tokens.css") {
      return route.fulfill({ contentType: "text/css", body: css + ground(searchParams.get("module")) });
    }
    const file = path.join(DIST, path.normalize(pathname));
    if (!file.startsWith(DIST + path.sep) || !existsSync(file)) return route.fulfill({ status: 404, body: "" });
    const headers = { "content-type": KINDS[file.split(".").pop()] ?? "application/octet-stream" };
    if (file.endsWith(".html")) headers["content-security-policy"] = policies[pathname.split("/")[1]];
    return route.fulfill({ headers, body: readFileSync(file) });
  });
}

/** Runs in the page before anything else: the bridge, answering from `scene`. */
function stub({ module, theme, answers, people, version, offline, freeze, styles }) {
  const html = () => document.documentElement;
  const asked = {};
  const context = {
    moduleKey: module,
    accountId: "712020:jonas-lindqvist",
    locale: "en-GB",
    timezone: "Europe/Vienna",
    extension: { type: "macro", content: { id: "98305", type: "page" }, space: { id: "65537", key: "POL" } },
  };
  const never = () => new Promise(() => {});
  const dress = (mode) => {
    html().dataset.colorMode = mode;
    html().dataset.theme = "light:light dark:dark spacing:spacing typography:typography shape:shape";
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: styles });
    return new Promise((done) => {
      link.onload = link.onerror = () => done();
      document.head.append(link);
    });
  };
  const invoke = async ({ path: route }) => {
    const list = [answers[route] ?? "unreachable"].flat();
    const answer = list[Math.min(asked[route] ?? 0, list.length - 1)];
    asked[route] = (asked[route] ?? 0) + 1;
    if (answer === "never") return never();
    if (answer === "unreachable") throw new Error("The remote could not be reached");
    const { status, body } = answer.status >= 400 ? answer : { status: 200, body: answer };
    return { success: true, payload: { status, headers: {}, body } };
  };
  /** Confluence's search for people; `people` are those found, or an HTTP status. */
  const search = async () => {
    if (people === "never") return never();
    if (typeof people === "number") return { status: people, statusText: "", headers: {}, body: "{}" };
    const results = (people ?? []).map((name) => ({
      entityType: "user",
      user: { type: "known", accountType: "atlassian", accountId: `712020:${name}`, displayName: name, isGuest: name.startsWith("Elena") },
    }));
    return { status: 200, statusText: "OK", headers: {}, body: JSON.stringify({ results }) };
  };
  const fetchProduct = async ({ restPath }) => {
    if (restPath.startsWith("/wiki/rest/api/search/user")) return search();
    if (version === undefined) throw new Error("offline");
    return { status: 200, statusText: "OK", headers: {}, body: JSON.stringify({ version: { number: version } }) };
  };
  globalThis.__bridge = {
    async callBridge(command, data) {
      if (command === "getContext") return context;
      if (command === "enableTheming") return dress(theme);
      if (command === "invoke") return invoke(data);
      if (command === "fetchProduct") return fetchProduct(data);
      return true;
    },
  };
  if (offline) Object.defineProperty(navigator, "onLine", { get: () => false });
  const tell = () => globalThis.__height(Math.max(1, Math.ceil(html().getBoundingClientRect().height)));
  addEventListener("DOMContentLoaded", () => new ResizeObserver(tell).observe(html()));
  if (freeze) {
    // What goes away by itself stays for the picture.
    const real = globalThis.setTimeout;
    globalThis.setTimeout = (call, delay, ...rest) => (delay === freeze ? 0 : real(call, delay, ...rest));
  }
}

/** The policy the Worker serves its own page with, as its source has it. */
function hostedPolicy() {
  const source = readFileSync(path.join(ROOT, "edge/src/hosted/page.rs"), "utf8");
  const [, policy] = source.match(/const POLICY: &str = "([^"]+)"/);
  return policy.replace(/\\\s+/g, "");
}

/** Opens a scene of the Worker's own page: its requests are answered from the scene, there is no bridge. */
async function openHosted(page, scene, { theme, width }) {
  const { answers, hosted, offline } = scene;
  await page.setViewportSize({ width, height: width < 600 ? 700 : 860 });
  await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
  const asked = {};
  await page.route(`${ORIGIN}/hosted`, (route) =>
    route.fulfill({ contentType: "text/html", headers: { "content-security-policy": hostedPolicy() }, body: readFileSync(path.join(DIST, "hosted/index.html")) }),
  );
  await page.route(`${ORIGIN}/hosted/document`, (route) => route.fulfill({ contentType: "text/html", body: hosted.document }));
  await page.route(`${ORIGIN}/api/**`, (route) => {
    const { pathname } = new URL(route.request().url());
    const list = [answers[pathname] ?? "unreachable"].flat();
    const answer = list[Math.min(asked[pathname] ?? 0, list.length - 1)];
    asked[pathname] = (asked[pathname] ?? 0) + 1;
    if (answer === "never") return undefined;
    if (answer === "unreachable") return route.abort();
    const { status, body } = answer.status >= 400 ? answer : { status: 200, body: answer };
    return route.fulfill({ status, json: body });
  });
  if (offline) await page.addInitScript(() => Object.defineProperty(navigator, "onLine", { get: () => false }));
  await page.goto(`${ORIGIN}/hosted${hosted.hash}`);
  return page;
}

/** Runs in the page before anything else: its clock is behind by so many milliseconds. */
function setBack(by) {
  const Now = Date;
  globalThis.Date = class extends Now {
    constructor(...given) {
      if (given.length === 0) super(Now.now() - by);
      else super(...given);
    }
    static now() {
      return Now.now() - by;
    }
  };
}

/** Opens a scene in a new window of `context`. */
export async function open(context, scene, { theme, width }) {
  const page = await context.newPage();
  await page.addInitScript(setBack, Date.now() - BEGAN);
  if (scene.hosted) return openHosted(page, scene, { theme, width });
  await page.setViewportSize({ width, height: 400 });
  const { module, answers, people, version, freeze, offline } = scene;
  const styles = `${ORIGIN}/tokens.css?module=${module}`;
  await page.addInitScript(stub, { module, theme, answers, people, version, freeze, offline, styles });
  const resource = module === "approval-settings" || module === "approval-space" ? "settings" : "macro";
  await page.goto(`${ORIGIN}/${resource}/index.html`);
  return page;
}

/** Waits until the window is as high as the frame would be. */
export async function fit(page, width) {
  for (let round = 0; round < 3; round += 1) {
    const height = await page.evaluate(() => Math.ceil(document.documentElement.getBoundingClientRect().height));
    if (height === page.viewportSize().height) return;
    await page.setViewportSize({ width, height: Math.max(height, 1) });
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }
}
