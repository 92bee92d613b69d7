// Somebody without an account: invited by mail, on the Worker's own page.
import assert from "node:assert/strict";
import { Answer } from "./answer.mjs";
import { Tab, secretOf } from "./hosted.mjs";
import { AUTHOR } from "./identities.mjs";
import { plantPolicy, withFactors } from "./plant-policy.mjs";

const CODE = /[0-9A-Z]{4}-[0-9A-Z]{4}/;
/** What the fragment of an invitation's address begins with. */
const PREFIX = "i.";

/** Somebody outside. */
export const ANNA = { name: "Anna Weiss", email: "anna@auditor.example" };
export const OMAR = { name: "Omar Nasser", email: "omar@customer.example" };

/** Lets people be invited to pages of the built-in workflow; verdicts take these factors. */
export const lettingInvite = (site, { factors = ["mail-code", "totp", "passkey"], workflows = ["page-approval"], days = 14, at } = {}) =>
  plantPolicy(site, (policy) => ({ ...withFactors(...factors)(policy), invitations: { workflows, days } }), at);

/** Has `who` invited to what is under review where `person` stands; the answer to it. */
export async function inviting(person, who = ANNA, { attachments = [], approval = "approvers" } = {}) {
  const { status } = (await person.confirm()).good();
  const body = {
    approval,
    name: who.name,
    address: who.email,
    page_version: await person.site.sandbox.version(person.place.page, person.place.at.cloudId),
    seq: status.seq,
    attachments,
  };
  const asked = await person.call("/api/invite", body);
  if (!asked.body?.confirm) return asked;
  const { challenge, code_required } = asked.body.confirm;
  return person.call("/api/invite", { ...body, confirm: { challenge, code: code_required ? await person.code() : "" } });
}

/** A page under review with `who` invited to it, and their browser. */
export async function invitedTo(site, who = ANNA, { title = "Annual audit", body, attach = [], by = AUTHOR, page, named } = {}) {
  const at = page ?? (await site.newPage({ title, ...(body ? { body } : {}) }));
  const ids = [];
  for (const [name, content, more] of attach) ids.push(await site.sandbox.attach(at, name, content, more));
  if (attach.length > 0) await site.deliver();
  const person = site.as(by).on(at);
  if (!page) (await person.submit()).good();
  await site.drain();
  (await inviting(person, who, { attachments: named ? named.map((place) => ids[place]) : ids })).good();
  await site.drain();
  const visitor = new Visitor(site, who, await linkTo(site, who));
  return { page: at, visitor, attachments: ids, invitation: await newestInvitation(site, at) };
}

/** The row of the page's newest invitation. */
export async function newestInvitation(site, page) {
  const [row] = await site.sql("SELECT * FROM invitation WHERE page = ? ORDER BY invited_at DESC LIMIT 1", String(page));
  return row;
}

/** The address in the newest invitation mailed to them. */
export async function linkTo(site, who) {
  const mail = (await site.mailsTo(who)).findLast((one) => one.text.includes(`#${PREFIX}`));
  assert.ok(mail, `no invitation was mailed to ${who.email}`);
  return mail.text.match(/https?:\/\/\S+#i\.[\w.-]+/)[0];
}

/** The browser of somebody invited. */
export class Visitor extends Tab {
  constructor(site, who, url) {
    super(site);
    this.who = who;
    this.url = url;
  }

  /** What stands behind `i.` in the address. */
  get link() {
    return this.url && secretOf(this.url).slice(PREFIX.length);
  }

  ask(name, body, options) {
    return this.post(`/api/hosted/invited${name}`, body, options);
  }

  open(options) {
    return this.ask("/open", { link: this.link }, options);
  }

  askForCode(options) {
    return this.ask("/code", { link: this.link }, options);
  }

  /** The code last mailed to them. */
  async mailedCode() {
    await this.site.drain();
    const mail = (await this.site.mailsTo(this.who)).findLast((one) => CODE.test(one.text));
    assert.ok(mail, `no code was mailed to ${this.who.email}`);
    return mail.text.match(CODE)[0];
  }

  enter(code, options) {
    return this.ask("/enter", { link: this.link, code }, options);
  }

  /** From the link to what is shown. */
  async come() {
    (await this.askForCode()).good();
    const entered = (await this.enter(await this.mailedCode())).good();
    assert.equal(entered.is, "open", JSON.stringify(entered));
    return entered.shown;
  }

  view(options) {
    return this.ask("", {}, options);
  }

  challenge(decision = "approve", { version = 1, meaning } = {}, options) {
    return this.ask("/challenge", { decision, page_version: version, meaning }, options);
  }

  signCode(challenge, { comment = "" } = {}, options) {
    return this.ask("/sign-code", { challenge: challenge.challenge, comment }, options);
  }

  /** Has a code mailed for a challenge; the code. */
  async mailedSignCode(challenge) {
    (await this.signCode(challenge)).good();
    return this.mailedCode();
  }

  decide(challenge, { code = "", comment = "", decision, version } = {}, options) {
    const body = {
      challenge: challenge.challenge,
      decision: decision ?? challenge.decision,
      page_version: version ?? challenge.version,
      comment,
      code,
    };
    return this.ask("/decision", body, options);
  }

  /** Challenge, mailed code, decision. */
  async verdict(decision = "approve", { comment = "", version } = {}) {
    const challenge = (await this.challenge(decision, { version })).good();
    return this.decide(challenge, { code: await this.mailedSignCode(challenge), comment });
  }

  abstain(reason = "", { version = 1 } = {}, options) {
    return this.ask("/abstain", { page_version: version, reason }, options);
  }

  factors(options) {
    return this.ask("/factors", {}, options);
  }

  beginFactor(body = {}, options) {
    return this.ask("/factor/begin", body, options);
  }

  confirmFactor(code, options) {
    return this.ask("/factor/confirm", { code }, options);
  }

  /** Sets up an authenticator; its key, and recovery codes. */
  async enrol() {
    const { key } = (await this.beginFactor()).good();
    this.site.authenticators.add(this.who.email, key);
    const set = (await this.confirmFactor(await this.code())).good();
    await this.site.drain();
    return { key, ...set };
  }

  /** A code of their authenticator that was not used yet. */
  code() {
    return this.site.authenticators.fresh(this.who.email);
  }

  /** A `GET` as a browser sends it for a frame, a link, or whatever `headers` say; `null` leaves one out. */
  async get(path, headers = {}) {
    const all = {
      "sec-fetch-site": "same-origin",
      "sec-fetch-dest": "iframe",
      "sec-fetch-mode": "navigate",
      ...(this.cookie ? { cookie: `__Host-countersign=${this.cookie}` } : {}),
      ...headers,
    };
    for (const [name, value] of Object.entries(all)) if (value === null) delete all[name];
    return Answer.of(await this.site.worker.fetch(path, { headers: all }));
  }

  document(headers) {
    return this.get("/hosted/document", headers);
  }

  /** An attachment, as the link to it asks for it. */
  attachment(id, headers = {}) {
    return this.get(`/hosted/attachment/${id}`, { "sec-fetch-dest": "document", ...headers });
  }

  /** Another browser of the same person's, or of whoever has their link. */
  elsewhere() {
    return new Visitor(this.site, this.who, this.url);
  }
}
