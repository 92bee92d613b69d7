// Somebody using the app: every call carries a genuine invocation token, as Forge would send it.
import { Answer } from "./answer.mjs";
import { uiClaims } from "./claims.mjs";
import { POLICY_PAGE, SITE, SPACE } from "./identities.mjs";

export class Person {
  constructor(site, who, place = {}) {
    this.site = site;
    this.who = who;
    this.place = { page: POLICY_PAGE, module: "approval-macro", space: SPACE, at: SITE, ...place };
  }

  #elsewhere(change) {
    return new Person(this.site, this.who, { ...this.place, ...change });
  }

  /** The same person on another page. */
  on(page) {
    return this.#elsewhere({ page: String(page) });
  }

  /** The same person in another module. */
  from(module) {
    return this.#elsewhere({ module });
  }

  /** The same person on another Confluence site. */
  at(site) {
    return this.#elsewhere({ at: site });
  }

  /** What the invocation token of a call says. */
  claims() {
    const { page, module, space, at } = this.place;
    const { apiOrigin } = this.site;
    return uiClaims({ person: this.who, page, module, space, site: at, apiOrigin, now: this.site.now() });
  }

  /** Headers of a call: the token, and what Forge adds. */
  async headers(claims = this.claims()) {
    const headers = {
      authorization: `Bearer ${await this.site.forge.token(claims)}`,
      "content-type": "application/json",
      "x-b3-traceid": "463ac35c9f6413ad48485a3953bb6124",
      "x-b3-spanid": "a2fb4a1d1a96d312",
    };
    // A guest brings no token of their own.
    if (this.who.accountType === "licensed") {
      headers["x-forge-oauth-user"] = await this.site.sandbox.userToken(this.who.account, this.place.at.cloudId);
    }
    return headers;
  }

  /** Calls a route. Work the Worker puts off is waited for unless `settle` is false. */
  async call(route, body = {}, { claims, headers = {}, settle = true, raw } = {}) {
    const all = { ...(await this.headers(claims)), ...headers };
    if (settle) all["x-test-settle"] = "yes";
    return Answer.of(await this.site.worker.fetch(route, { method: "POST", headers: all, body: raw ?? JSON.stringify(body) }));
  }

  status(options) {
    return this.call("/api/status", {}, options);
  }

  confirm(options) {
    return this.call("/api/confirm", {}, options);
  }

  actions(options) {
    return this.call("/api/actions", {}, options);
  }

  /** The version the person has on screen: the page's current one. */
  #onScreen(version) {
    return version ?? this.site.sandbox.version(this.place.page, this.place.at.cloudId);
  }

  async submit({ version, comment = "", assigned, confirm } = {}, options) {
    return this.call("/api/submit", { page_version: await this.#onScreen(version), comment, assigned, confirm }, options);
  }

  async challenge(decision = "approve", { version, approval, meaning } = {}, options) {
    return this.call("/api/challenge", { decision, approval, meaning, page_version: await this.#onScreen(version) }, options);
  }

  /** Picks the transition to a state; `seq` is that of the status on screen, the newest if it is left out. */
  async select(to, { version, seq, comment = "", confirm } = {}, options) {
    const shown = seq ?? (await this.confirm()).good().status.seq;
    return this.call("/api/select", { to, page_version: await this.#onScreen(version), seq: shown, comment, confirm }, options);
  }

  /** Has somebody asked in another's place, or besides. */
  reassign(approval, { from, to, comment = "", confirm }, options) {
    return this.call("/api/reassign", { approval, from: from?.account, to: to.account, comment, confirm }, options);
  }

  /** Says when they are away, and who decides for them; nothing to say that they are not. */
  away(absence, options) {
    return this.call("/api/me/absence", absence ? { absence } : {}, options);
  }

  /** Decides on what a challenge showed. */
  async decide(challenge, { code = "", comment = "", decision, version, identification } = {}, options) {
    const { shown } = challenge;
    const body = {
      challenge: challenge.challenge,
      decision: decision ?? shown.decision,
      page_version: version ?? shown.version,
      comment,
      code,
      identification,
    };
    return this.call("/api/decision", body, options);
  }

  /** Asks for a challenge and decides with a fresh code. */
  async #verdict(decision, comment, options) {
    const challenge = (await this.challenge(decision)).good();
    return this.decide(challenge, { code: await this.code(), comment }, options);
  }

  approve(comment = "", options) {
    return this.#verdict("approve", comment, options);
  }

  reject(comment, options) {
    return this.#verdict("reject", comment, options);
  }

  /** A code that was not used yet; the Worker's clock is moved on where that takes it. */
  code() {
    return this.site.authenticators.fresh(this.who.account);
  }

  /** A code that is not right. `salt` makes another one. */
  wrongCode(salt) {
    return this.site.authenticators.wrong(this.who.account, salt);
  }

  beginEnrolment(options) {
    return this.call("/api/enrolment/begin", {}, options);
  }

  enterMailCode(code, options) {
    return this.call("/api/enrolment/mail-code", { code }, options);
  }

  confirmEnrolment(code, options) {
    return this.call("/api/enrolment/confirm", { code }, options);
  }

  /** The code last mailed to the person. */
  async mailedCode() {
    const mail = (await this.site.mailsTo(this.who)).findLast((one) => /[0-9A-Z]{4}-[0-9A-Z]{4}/.test(one.text));
    if (!mail) throw new Error(`no code was mailed to ${this.who.email}`);
    return mail.text.match(/[0-9A-Z]{4}-[0-9A-Z]{4}/)[0];
  }

  /** Has a code mailed that confirms this challenge. */
  mailSign({ challenge }, { comment = "" } = {}, options) {
    return this.call("/api/confirm/mail", { challenge, comment }, options);
  }

  /** The same, and the code out of the mail. */
  async mailedSignCode(challenge, given) {
    (await this.mailSign(challenge, given)).good();
    await this.site.drain();
    return this.mailedCode();
  }

  /** Sets up an authenticator, from the mailed code to the first code. */
  async enrol() {
    (await this.beginEnrolment()).good();
    await this.site.drain();
    const { key } = (await this.enterMailCode(await this.mailedCode())).good();
    this.site.authenticators.add(this.who.account, key);
    (await this.confirmEnrolment(await this.code())).good();
    await this.site.drain();
    return this;
  }
}
