// A browser on the Worker's own page, and passkeys from set-up to use.
import assert from "node:assert/strict";
import { Answer } from "./answer.mjs";
import { Authenticator, HOSTED_ORIGIN } from "./passkey.mjs";

const COOKIE = "__Host-countersign";

/** A tab on the Worker's own page: it keeps the cookie, as a browser would. */
export class Tab {
  cookie = null;

  constructor(site) {
    this.site = site;
  }

  /** A request as the page sends it; `init` changes what a browser would say. A header of `null` is left out. */
  async post(path, body = {}, { headers = {}, raw, method = "POST" } = {}) {
    const all = {
      "content-type": "application/json",
      origin: HOSTED_ORIGIN,
      "sec-fetch-site": "same-origin",
      "x-test-settle": "yes",
      ...(this.cookie ? { cookie: `${COOKIE}=${this.cookie}` } : {}),
      ...headers,
    };
    for (const [name, value] of Object.entries(all)) if (value === null) delete all[name];
    const init = { method, headers: all };
    if (method !== "GET" && method !== "HEAD") init.body = raw ?? JSON.stringify(body);
    const answer = Answer.of(await this.site.worker.fetch(path, init));
    const set = (await answer).headers.get("set-cookie");
    if (set) this.cookie = set.match(new RegExp(`^${COOKIE}=([^;]*)`))[1];
    return answer;
  }

  /** Follows a link by a press of the button. */
  open(url, options) {
    return this.post("/api/hosted/open", { link: secretOf(url) }, options);
  }

  task(options) {
    return this.post("/api/hosted/task", {}, options);
  }

  register(registration, options) {
    return this.post("/api/hosted/register", { registration }, options);
  }

  assert(assertion, options) {
    return this.post("/api/hosted/assert", { assertion }, options);
  }
}

/** What lies in the fragment. */
export const secretOf = (url) => new URL(url).hash.slice(1);

/** Has a passkey's set-up proved by the mailed code. */
export async function prove(person, { name = "" } = {}) {
  const begun = await person.call("/api/enrolment/begin", { factor_kind: "passkey", name });
  begun.good();
  await person.site.drain();
  return (await person.enterMailCode(await person.mailedCode())).good();
}

/** Makes a passkey on our own page; it is not confirmed yet. Gives back the tab and the digits it shows. */
export async function make(person, device, wrong) {
  const { url } = (await person.call("/api/passkey/make")).good();
  const tab = new Tab(person.site);
  const { options } = (await tab.open(url)).good();
  const made = (await tab.register(device.create(options.challenge, wrong))).good();
  return { tab, check: made.check, url, options };
}

/** Sets up a passkey for good, as somebody's first factor. */
export async function enrolPasskey(person, { device = new Authenticator(), name = "" } = {}) {
  await prove(person, { name });
  const { check } = await make(person, device);
  const told = (await person.call("/api/passkey/made")).good();
  assert.equal(told.is, "made");
  assert.equal(told.check, check, "both screens show the same digits");
  const kept = (await person.confirmEnrolment("")).good();
  await person.site.drain();
  return { device, factor: kept.factor };
}

/** Asks for the page on which a verdict is confirmed, and opens it. */
export async function openToSign(person, challenge, { comment = "" } = {}) {
  const { shown } = challenge;
  const body = { challenge: challenge.challenge, decision: shown.decision, page_version: shown.version, comment };
  const { url } = (await person.call("/api/passkey/sign", body)).good();
  const tab = new Tab(person.site);
  const task = (await tab.open(url)).good();
  return { tab, task, url };
}
