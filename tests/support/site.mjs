// A whole test site: the built Worker in workerd, Confluence and a mail provider played by the sandbox, Forge by jose.
import { Answer } from "./answer.mjs";
import { Authenticators } from "./authenticators.mjs";
import { platformClaims } from "./claims.mjs";
import { startForge } from "./forge.mjs";
import { BYLINE_PROPERTY, POLICY_PAGE, SITE } from "./identities.mjs";
import { Person } from "./person.mjs";
import { startSandbox } from "./sandbox.mjs";
import { settings, startWorker } from "./worker.mjs";

/** How long the app's token is good: Forge promises two hours. */
const TOKEN_SECONDS = 3 * 3600;

/**
 * Starts one. `vars` override settings, `persist` is a folder for D1 and KV, `installed: false` leaves out the call that
 * brings the app's token. The token is renewed as time passes unless `renew` is false. `email` binds Cloudflare's mail.
 */
export async function startSite({ vars = {}, persist, installed = true, renew = true, email = false } = {}) {
  const [forge, sandbox] = await Promise.all([startForge(), startSandbox()]);
  const bindings = { ...settings({ jwksUrl: forge.jwksUrl, sandboxUrl: sandbox.url }), ...vars };
  const site = new TestSite({ forge, sandbox, bindings, persist, renew, email });
  await site.boot();
  if (installed) await site.install();
  return site;
}

class TestSite {
  #shift = 0;
  #frozen = null;
  #renewedAt = Date.now();
  #installed = new Set();

  constructor(parts) {
    Object.assign(this, parts);
    this.apiOrigin = this.sandbox.url;
    this.authenticators = new Authenticators(this);
  }

  /** Starts the Worker, again if it was there before. */
  async boot() {
    this.worker = await startWorker({ bindings: this.bindings, persist: this.persist, email: this.email });
    if (this.#shift !== 0 || this.#frozen) await this.worker.setClock(this.#shift, this.#frozen);
  }

  /** The time as the Worker sees it, in milliseconds. */
  now() {
    return this.#frozen ?? Date.now() + this.#shift;
  }

  /** Lets time stand still for the Worker, also over a restart. */
  async freeze(at = this.now()) {
    this.#frozen = at;
    await this.worker.setClock(this.#shift, at);
  }

  /**
   * Lets time pass, for the Worker and for Confluence: a second or a year. A clock that stands still jumps and stands still
   * again. Tokens made from now on are of the new time; the app's is renewed as the platform would have done meanwhile.
   */
  async advance(millis) {
    const step = Math.ceil(millis);
    this.#shift += step;
    if (this.#frozen !== null) this.#frozen += step;
    await Promise.all([this.worker.setClock(this.#shift, this.#frozen), this.sandbox.setClock(this.#shift)]);
    if (this.renew && this.now() > this.#renewedAt + 3600_000) await this.#renew();
  }

  /** What each platform call does, without the rest of what the hourly one sets going. */
  async #renew() {
    for (const at of this.#installed) (await this.event({}, { at })).good();
    this.#renewedAt = this.now();
  }

  as(who, place) {
    return new Person(this, who, place);
  }

  /** A call of the platform's. `token: null` leaves the app's token out. */
  async platform(route, body = {}, { endpoint, at = SITE, token, claims, settle = true, headers: more = {} } = {}) {
    const all = claims ?? platformClaims({ endpoint, site: at, apiOrigin: this.apiOrigin, now: this.now() });
    const headers = {
      authorization: `Bearer ${await this.forge.token(all)}`,
      "content-type": "application/json",
      "x-b3-traceid": "463ac35c9f6413ad48485a3953bb6124",
      "x-b3-spanid": "a2fb4a1d1a96d312",
      ...more,
    };
    if (token !== null) headers["x-forge-oauth-system"] = token ?? (await this.sandbox.appToken(at.cloudId, TOKEN_SECONDS));
    if (settle) headers["x-test-settle"] = "yes";
    return Answer.of(await this.worker.fetch(route, { method: "POST", headers, body: JSON.stringify(body) }));
  }

  /** Forge says that the app was installed. */
  async install(at = SITE) {
    const body = {
      eventType: "avi:forge:installed:app",
      id: at.installation,
      installerAccountId: "712020:admin",
      context: `ari:cloud:confluence::site/${at.cloudId}`,
    };
    (await this.platform("/forge/lifecycle", body, { endpoint: "edge-lifecycle", at })).good();
    this.#installed.add(at);
    await this.drain();
  }

  /** Forge's hourly call. */
  async hourly(options = {}) {
    return this.platform("/forge/schedule", {}, { endpoint: "edge-schedule", ...options });
  }

  /** A product event. */
  async event(body, options = {}) {
    return this.platform("/forge/events", body, { endpoint: "edge-events", ...options });
  }

  /** Edits a page and tells the Worker, as Confluence would. */
  async edit(page = POLICY_PAGE, change = {}) {
    const version = await this.sandbox.edit(page, change);
    await this.deliver();
    return version;
  }

  /** Tells the Worker of every change on Confluence's side it was not told of yet. */
  async deliver(at = SITE) {
    for (const body of await this.sandbox.events(at.cloudId)) (await this.event(body, { at })).good();
    await this.drain();
  }

  /** A new page under the workflow; its id. */
  async newPage(given) {
    const page = await this.sandbox.createPage(given);
    await this.deliver();
    return page;
  }

  /** Moves a page and tells the Worker. */
  async movePage(page, where) {
    await this.sandbox.movePage(page, where);
    await this.deliver();
  }

  /** Fires the clock until nothing in the outbox is due. What waits behind a row that is not due yet is not due either. */
  async drain({ rounds = 300 } = {}) {
    for (let round = 0; round < rounds; round += 1) {
      await this.worker.idle();
      const [{ due }] = await this.sql(
        `SELECT COUNT(*) AS due FROM outbox AS row WHERE state = 'open' AND next_at <= ?1 AND lease_until <= ?1
            AND id = (SELECT MIN(id) FROM outbox WHERE site = row.site AND lane = row.lane AND state = 'open')`,
        this.now(),
      );
      if (due === 0) return;
      await this.worker.scheduled();
    }
    throw new Error(`the outbox does not get empty: ${JSON.stringify(await this.outbox())}`);
  }

  outbox() {
    return this.sql("SELECT id, lane, effect, state, attempts, last_error, next_at FROM outbox ORDER BY id");
  }

  sql(text, ...values) {
    return this.worker.sql(text, ...values);
  }

  /** A stream of the journal, entries parsed. */
  async journal(stream = `page/${POLICY_PAGE}`, at = SITE) {
    const rows = await this.sql("SELECT * FROM journal WHERE site = ? AND stream = ? ORDER BY seq", at.key, stream);
    return rows.map((row) => ({ ...row, entry: JSON.parse(row.entry) }));
  }

  /** How many entries there are in all. */
  async entries() {
    return (await this.sql("SELECT COUNT(*) AS n FROM journal"))[0].n;
  }

  async mailsTo(who) {
    return (await this.sandbox.mails()).filter((mail) => mail.to.includes(who.email));
  }

  /** The byline property of a page, as Confluence has it. */
  async byline(page = POLICY_PAGE, at = SITE) {
    return this.sandbox.property(page, BYLINE_PROPERTY, at.cloudId);
  }

  async stop() {
    await Promise.allSettled([this.worker.stop(), this.sandbox.stop()]);
    this.forge.stop();
  }
}
