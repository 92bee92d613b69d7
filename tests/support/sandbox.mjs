// The sandbox: Confluence's REST API and the mail provider, and the strings to pull on them (its `/control`).
import { spawn } from "node:child_process";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { MACRO_STORAGE, SITE } from "./identities.mjs";
import { ROOT, SANDBOX, SCRATCH, mustExist } from "./place.mjs";

const PATIENCE = 30_000;

/** Starts one on free ports. `dist` and `csp` matter only where its pages are opened in a browser. */
export async function startSandbox({ dist, csp, edge = "http://127.0.0.1:9" } = {}) {
  const state = path.join(SCRATCH, "sandbox");
  const noDist = path.join(state, "dist");
  mkdirSync(noDist, { recursive: true });
  // Test files share it and start at the same moment: none may find it half written.
  const [noCsp, beside] = [path.join(state, "csp.json"), path.join(state, `csp.${process.pid}.json`)];
  writeFileSync(beside, JSON.stringify({ macro: "default-src 'none'", settings: "default-src 'none'" }));
  renameSync(beside, noCsp);
  const child = spawn(
    mustExist(SANDBOX, "the sandbox"),
    [
      ["--site-port", "0", "--asset-port", "0", "--edge", edge, "--state", state],
      ["--dist", dist ?? noDist, "--csp", csp ?? noCsp, "--node-modules", path.join(ROOT, "node_modules")],
    ].flat(),
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  process.once("exit", () => child.kill());
  const sandbox = new Sandbox(child);
  await sandbox.ready();
  // Tests deliver events themselves: late, twice, in another order.
  await sandbox.control("POST", "events/mode", { hold: true });
  return sandbox;
}

class Sandbox {
  log = "";
  #tokens = new Map();
  #told = 0;
  #ahead = 0;

  constructor(child) {
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece) => (this.log += piece));
  }

  /** Waits until it says where it is. */
  async ready() {
    const until = Date.now() + PATIENCE;
    while (!this.url) {
      if (this.child.exitCode !== null || Date.now() > until) throw new Error(`the sandbox did not start:\n${this.log}`);
      const line = this.log.split("\n").find((text) => text.startsWith("{") && text.endsWith("}"));
      if (line) ({ site: this.url, assets: this.assetsUrl } = JSON.parse(line));
      else await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async control(method, what, body) {
    const init = { method, headers: { "content-type": "application/json" } };
    if (method === "POST") init.body = JSON.stringify(body ?? {});
    const answer = await fetch(`${this.url}/control/${what}`, init);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`sandbox ${method} ${what}: ${answer.status} ${text}`);
    return JSON.parse(text);
  }

  /** Sets how many milliseconds Confluence's clock is ahead of this machine's. */
  async setClock(ahead) {
    this.#ahead = ahead;
    await this.control("POST", "ahead", { ms: ahead });
  }

  /** The OAuth token of a person, a new one each hour. */
  async userToken(account, cloudId = SITE.cloudId) {
    const key = `${cloudId}/${account}/${Math.floor(this.#ahead / 3600_000)}`;
    if (!this.#tokens.has(key)) {
      const query = new URLSearchParams({ account, site: cloudId });
      this.#tokens.set(key, (await this.control("GET", `token?${query}`)).token);
    }
    return this.#tokens.get(key);
  }

  /** The app's OAuth token, good for `seconds`. */
  async appToken(cloudId = SITE.cloudId, seconds = 3 * 3600) {
    return (await this.control("GET", `app-token?site=${cloudId}&seconds=${seconds}`)).token;
  }

  /** A new page with the macro, below `parent` or at the top of its space; its id. */
  async createPage(given = {}) {
    const { title = "A page", body = "<p>First text.</p>", account, space, parent, labels, cloudId = SITE.cloudId, macro = true } = given;
    return (await this.control("POST", "page", { title, body, account, space, parent, labels, macro, site: cloudId })).id;
  }

  /**
   * Pages that were there before the app, by the thousand: no events. `space` is an id; `depth` lays them below one another
   * in chains so long. The ids lie between `first` and `last`, both included.
   */
  manyPages({ count, space, titlePrefix, label, parent, depth, body, account, cloudId = SITE.cloudId }) {
    return this.control("POST", "pages/many", { count, space, titlePrefix, label, parent, depth, body, account, site: cloudId });
  }

  /** Lays a page below another; without `parent` at the top of `space`, or of its own. */
  movePage(page, { parent, space, account, cloudId = SITE.cloudId } = {}) {
    return this.control("POST", `page/${page}/move`, { parent, space, account, site: cloudId });
  }

  /** Gives a page exactly these labels. Confluence sends no event for it. */
  setLabels(page, labels, cloudId = SITE.cloudId) {
    return this.control("POST", `page/${page}/labels`, { labels, site: cloudId });
  }

  page(page, cloudId = SITE.cloudId) {
    return this.control("GET", `page/${page}?site=${cloudId}`);
  }

  /** The page's current version. */
  async version(page, cloudId) {
    return (await this.page(page, cloudId)).version;
  }

  /** Publishes a new version. The macro stays where it was unless `keepMacro` is false. */
  async edit(page, { title, text, account, cloudId = SITE.cloudId, keepMacro = true } = {}) {
    const words = text ?? `<p>Edited ${Math.random()}</p>`;
    const body = keepMacro ? MACRO_STORAGE + words : words;
    return (await this.control("POST", `page/${page}/edit`, { title, body, account, site: cloudId })).version;
  }

  /** Puts a file on a page; `times` is how often its content comes, one after the other. */
  async attach(page, name, content, { account, times = 1, cloudId = SITE.cloudId } = {}) {
    const sent = { name, content: Buffer.from(content).toString("base64"), times, account, site: cloudId };
    return (await this.control("POST", `page/${page}/attach`, sent)).attachment;
  }

  async copy(page, { account, cloudId = SITE.cloudId } = {}) {
    return (await this.control("POST", `page/${page}/copy`, { account, site: cloudId })).id;
  }

  /** Who may view the page; `{}` alone for everybody. */
  restrict(page, restriction, cloudId = SITE.cloudId) {
    return this.control("POST", `page/${page}/restrict?site=${cloudId}`, restriction);
  }

  /** Product events since the last time this was asked, oldest first, as bodies. */
  async events(cloudId = SITE.cloudId) {
    const all = await this.control("GET", "events");
    const fresh = all.filter((item) => item.n > this.#told && item.site === cloudId);
    this.#told = Math.max(this.#told, ...all.map((item) => item.n));
    return fresh.map((item) => item.body);
  }

  mails() {
    return this.control("GET", "mail");
  }

  async property(page, key, cloudId = SITE.cloudId) {
    return (await this.control("GET", `property?${new URLSearchParams({ page, key, site: cloudId })}`)).property;
  }

  /** Writes a property as an editor can. */
  forgeProperty(page, key, value, { account, cloudId = SITE.cloudId } = {}) {
    return this.control("POST", "property", { page: String(page), key, value, account, site: cloudId });
  }

  /** Trouble: `{ method, path, times, kind: "slow" | "status" | "drop" | "lost", … }`. */
  fault(fault) {
    return this.control("POST", "faults", fault);
  }

  clearFaults() {
    return this.control("DELETE", "faults");
  }

  /** REST calls that came in. */
  calls() {
    return this.control("GET", "requests");
  }

  forgetCalls() {
    return this.control("DELETE", "requests");
  }

  ledger() {
    return this.control("GET", "ledger");
  }

  putGroup(group, cloudId = SITE.cloudId) {
    return this.control("POST", `groups?site=${cloudId}`, group);
  }

  putPerson(person, cloudId = SITE.cloudId) {
    return this.control("POST", `people?site=${cloudId}`, person);
  }

  /** Changes what is named of a person: `timeZone`, `emailVisible`, `deactivated`, `editor`, … */
  changePerson(account, change, cloudId = SITE.cloudId) {
    return this.control("POST", `people/${encodeURIComponent(account)}?site=${cloudId}`, change);
  }

  /** The person leaves: known to Confluence, and allowed nothing. `false` brings them back. */
  deactivate(account, deactivated = true, cloudId = SITE.cloudId) {
    return this.changePerson(account, { deactivated }, cloudId);
  }

  /** A person's time zone; `null` keeps it private. */
  setTimeZone(account, timeZone, cloudId = SITE.cloudId) {
    return this.changePerson(account, { timeZone }, cloudId);
  }

  async stop() {
    if (this.child.exitCode !== null) return;
    const gone = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGTERM");
    await gone;
  }
}
