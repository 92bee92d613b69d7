// The real thing on free ports: the sandbox with the built app under its production policy, and the built Worker.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { Authenticators } from "../support/authenticators.mjs";
import { BYLINE_PROPERTY, JONAS, POLICY_PAGE } from "../support/identities.mjs";
import { ROOT, SCRATCH } from "../support/place.mjs";
import { startSandbox } from "../support/sandbox.mjs";
import { settings, startWorker } from "../support/worker.mjs";
import { DIST, mustBeBuilt } from "./dist.mjs";
import { openGate } from "./gate.mjs";

/** What a mailed code looks like. */
export const MAILED_CODE = /[0-9A-Z]{4}-[0-9A-Z]{4}/;

/** The policies the app's pages are served with, computed from the pages as they are built now. */
function policies() {
  mustBeBuilt();
  mkdirSync(SCRATCH, { recursive: true });
  const file = path.join(SCRATCH, `csp-${process.pid}.json`);
  const words = ["tests/conformance/csp.mjs", "--dist", DIST, "--out", file];
  const made = spawnSync(process.execPath, words, { cwd: ROOT, encoding: "utf8" });
  if (made.status !== 0) throw new Error(`the content security policy could not be computed:\n${made.stderr}`);
  return file;
}

/** Starts everything and installs the app. `vars` override settings of the Worker. */
export async function startStack({ vars = {} } = {}) {
  const gate = await openGate();
  const sandbox = await startSandbox({ dist: DIST, csp: policies(), edge: gate.url });
  const jwksUrl = `${sandbox.url}/.well-known/jwks.json`;
  // By name: a passkey can't be made for an IP address.
  const hosted = gate.url.replace("127.0.0.1", "localhost");
  const worker = await startWorker({ bindings: { ...settings({ jwksUrl, sandboxUrl: sandbox.url, hosted }), ...vars } });
  gate.leadsTo = worker.url;
  await sandbox.control("POST", "events/mode", { hold: false, retryMs: 200 });
  const stack = new Stack({ gate, sandbox, worker });
  const started = await sandbox.control("POST", "start");
  if (started.scheduled !== true || started.failed.length > 0) throw new Error(`the site did not start: ${JSON.stringify(started)}`);
  await stack.settle();
  return stack;
}

class Stack {
  #shift = 0;

  constructor(parts) {
    Object.assign(this, parts);
    this.authenticators = new Authenticators(this);
  }

  /** The site's address. */
  get url() {
    return this.sandbox.url;
  }

  /** The time as the Worker sees it. */
  now() {
    return Date.now() + this.#shift;
  }

  /** Lets time pass for the Worker, and for Confluence and Forge. */
  async advance(millis) {
    this.#shift += Math.ceil(millis);
    this.gate.shift = this.#shift;
    await this.sandbox.control("POST", "ahead", { ms: this.#shift });
    await this.worker.setClock(this.#shift);
  }

  /** Waits until every event has been told and everything due in the outbox is done. */
  async settle() {
    const told = await this.sandbox.control("POST", "events/settle");
    if (!told.settled) throw new Error("the events were not all taken in time");
    await this.drain();
  }

  async drain() {
    for (let round = 0; round < 20; round += 1) {
      const [{ due }] = await this.worker.sql(
        "SELECT COUNT(*) AS due FROM outbox WHERE state = 'open' AND next_at <= ?1",
        this.now(),
      );
      if (due === 0) return;
      await this.worker.scheduled();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error("the outbox does not get empty");
  }

  /** Keeps events back from now on. */
  holdEvents(hold = true) {
    return this.sandbox.control("POST", "events/mode", { hold });
  }

  /** Lets held events go and waits until they have had their effect. */
  async releaseEvents() {
    await this.holdEvents(false);
    await this.sandbox.control("POST", "events/release");
    await this.settle();
  }

  /** A call as a person, past the browser: for preparing what a test is not about. */
  async call(who, route, body = {}, { page = POLICY_PAGE, module = "approval-macro" } = {}) {
    const { token } = await this.sandbox.control("POST", "fit", { account: who.account, module, page });
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", "x-test-settle": "yes" };
    if (who.accountType === "licensed") headers["x-forge-oauth-user"] = await this.sandbox.userToken(who.account);
    const answer = await fetch(this.gate.url + route, { method: "POST", headers, body: JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${route} as ${who.name}: ${answer.status} ${text}`);
    return JSON.parse(text);
  }

  /** Sets up a person's authenticator, past the browser; `midway` is called when the mailed code was right. */
  async enrol(who, midway) {
    await this.call(who, "/api/enrolment/begin");
    await this.drain();
    const code = await this.mailedCode(who);
    const { key } = await this.call(who, "/api/enrolment/mail-code", { code });
    this.authenticators.add(who.account, key);
    await midway?.();
    await this.call(who, "/api/enrolment/confirm", { code: await this.authenticators.fresh(who.account) });
    await this.drain();
  }

  async mailedCode(who) {
    const mail = (await this.sandbox.mails()).findLast((one) => one.to.includes(who.email) && MAILED_CODE.test(one.text));
    if (!mail) throw new Error(`no code was mailed to ${who.email}`);
    return mail.text.match(MAILED_CODE)[0];
  }

  /** Submits a page, past the browser. */
  async submit(who, page = POLICY_PAGE, comment = "") {
    const page_version = await this.sandbox.version(page);
    await this.call(who, "/api/submit", { page_version, comment }, { page });
    await this.settle();
  }

  /** Has a page decided on by somebody who is enrolled, past the browser. */
  async decide(page = POLICY_PAGE, { who = JONAS, decision = "approve", comment = "" } = {}) {
    const page_version = await this.sandbox.version(page);
    const { challenge } = await this.call(who, "/api/challenge", { decision, page_version }, { page });
    const code = await this.authenticators.fresh(who.account);
    await this.call(who, "/api/decision", { challenge, decision, page_version, comment, code }, { page });
    await this.settle();
  }

  /** Entries of a page's stream, parsed. */
  async journal(page = POLICY_PAGE) {
    const rows = await this.worker.sql("SELECT entry FROM journal WHERE stream = ? ORDER BY seq", `page/${page}`);
    return rows.map((row) => JSON.parse(row.entry));
  }

  /** The byline property as Confluence has it. */
  async byline(page = POLICY_PAGE) {
    return (await this.sandbox.property(page, BYLINE_PROPERTY))?.value;
  }

  async stop() {
    this.gate.stop();
    await Promise.allSettled([this.worker.stop(), this.sandbox.stop()]);
  }
}
