// Attacks on invitations of people without an account: whoever has their link, a code, or their visit. Each is named by what
// the attacker has and wants. See also invited-shown.test.mjs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Tab, make, prove } from "../support/hosted.mjs";
import { ADMIN, AUTHOR, JONAS, OTHER_SITE, PRIYA, SITE } from "../support/identities.mjs";
import { ANNA, OMAR, Visitor, invitedTo, lettingInvite } from "../support/invited.mjs";
import { Authenticator } from "../support/passkey.mjs";
import { race } from "../support/race.mjs";
import { siteForFile } from "../support/server.mjs";
import { closed, outside, wrong } from "./outside.mjs";

const held = await siteForFile();
const { to, inside, answers, failures } = outside(held);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

(await held.current.as(AUTHOR).submit()).good();
await lettingInvite(held.current);
await held.current.as(JONAS).enrol();

const rows = async () => JSON.stringify(await Promise.all(
  ["invitation", "consumed", "enrolment", "factor", "guess", "pending", "journal", "outbox"].map((table) => held.current.sql(`SELECT * FROM ${table}`)),
));

// ── The link ──────────────────────────────────────────────────────────────────────────────────────────────────────

test("the link alone, followed once or twice or a hundred times, shows nothing and changes nothing", async () => {
  const { visitor } = await to(ANNA, { body: "<p>secret text</p>" });
  const before = await rows();
  for (let time = 0; time < 5; time += 1) {
    const answer = await visitor.elsewhere().open();
    assert.deepEqual(answer.good(), { is: "door" });
    assert.equal(answer.headers.get("set-cookie"), null);
  }
  assert.equal(await rows(), before);
});

test("the link after its owner came in shows nothing to anybody else, and ends nothing", async () => {
  const { visitor } = await inside(ANNA, { body: "<p>secret text</p>" });
  const thief = visitor.elsewhere();
  assert.deepEqual((await thief.open()).good(), { is: "door" });
  await closed(thief, "link-over");
  assert.equal((await visitor.view()).good().is, "open");
});

test("a mail scanner that fetches, or posts what it found, shows nothing, mails nothing, changes nothing", async () => {
  const { visitor } = await to(ANNA);
  await held.current.worker.idle();
  const [before, mails] = [await rows(), (await held.current.sandbox.mails()).length];
  const address = new URL(visitor.url);
  for (const method of ["GET", "HEAD", "POST", "PUT", "OPTIONS"]) {
    const answer = await held.current.worker.fetch(address.pathname, { method });
    await answer.arrayBuffer();
  }
  for (const path of ["/open", "/code", "/enter", "", "/decision"]) {
    for (const method of ["GET", "HEAD"]) {
      const answer = await held.current.worker.fetch(`/api/hosted/invited${path}`, { method });
      await answer.arrayBuffer();
      assert.ok(answer.status >= 400, `${method} ${path}: ${answer.status}`);
    }
    for (const headers of [{ origin: null }, { origin: "null" }, { origin: "https://scanner.example" }, { "content-type": "text/plain" }, { "sec-fetch-site": "cross-site" }, { "sec-fetch-site": "none" }]) {
      (await visitor.ask(path, { link: visitor.link, code: "ABCD-1234" }, { headers })).refused(403, "wrong-route");
    }
  }
  assert.equal(await rows(), before);
  assert.equal((await held.current.sandbox.mails()).length, mails);
});

test("a scanner that runs the page and presses the button has a code mailed to the owner, and gets nothing itself", async () => {
  const { visitor } = await to(ANNA);
  const scanner = visitor.elsewhere();
  (await scanner.askForCode()).good();
  await held.current.drain();
  const mails = await held.current.sandbox.mails();
  assert.deepEqual(mails.at(-1).to, [ANNA.email]);
  await closed(scanner, "link-over");
});

test("a forged link, one with another person, invitation or site in it, or one of another kind, is none", async () => {
  const { visitor } = await to(ANNA);
  const bytes = Buffer.from(visitor.link, "base64url");
  for (let place = 0; place < bytes.length; place += 7) {
    const forged = Buffer.from(bytes);
    forged[place] ^= 1;
    const thief = new Visitor(held.current, ANNA, visitor.url.replace(visitor.link, forged.toString("base64url")));
    for (const answer of [await thief.open(), await thief.askForCode(), await thief.enter("ABCD-1234")]) {
      answer.refused(410, "invitation-over");
    }
  }
  // A link to a page of our own inside Confluence is authenticated by the same key, under another label.
  const signing = held.current.as(PRIYA);
  await prove(signing);
  const { url } = (await signing.call("/api/passkey/make")).good();
  const other = new Visitor(held.current, ANNA, url.replace("#", "#i."));
  (await other.open()).refused(410, "invitation-over");
  (await new Tab(held.current).open(visitor.url.replace("#i.", "#"))).refused(410, "link-over");
  for (const link of ["", "i.", "A".repeat(5000), "../../x", 7, null]) {
    const answer = await visitor.ask("/open", { link });
    assert.ok(answer.status === 410 || answer.status === 422, `${link}: ${answer.text}`);
  }
});

test("a link is good on its own site alone, whatever lies on another one under the same id", async () => {
  const { visitor, invitation } = await inside(ANNA);
  const cookie = visitor.cookie;
  await held.current.sql("UPDATE invitation SET site = ? WHERE id = ?", OTHER_SITE.key, invitation.id);
  (await visitor.elsewhere().open()).refused(410, "invitation-over");
  (await visitor.elsewhere().askForCode()).refused(410, "invitation-over");
  await closed(visitor, "invitation-over");
  await held.current.sql("UPDATE invitation SET site = ? WHERE id = ?", SITE.key, invitation.id);
  assert.equal(visitor.cookie, cookie);
  (await visitor.view()).good();
});

// ── The code ──────────────────────────────────────────────────────────────────────────────────────────────────────

test("without a code there is nothing: neither title nor inviter, document nor attachment, and no way to answer", async () => {
  const { visitor, attachments } = await to(ANNA, { attach: [["a.txt", "secret text"]] });
  await closed(visitor, "link-over", { attachment: attachments[0] });
  (await visitor.enter(wrong(0))).refused(422, "wrong-code");
  (await visitor.enter("nonsense!")).refused(422, "bad-field");
});

test("an older code, once a newer one was mailed, is wrong", async () => {
  const { visitor, invitation } = await to(ANNA);
  (await visitor.askForCode()).good();
  const old = await visitor.mailedCode();
  (await visitor.askForCode()).good();
  const fresh = await visitor.mailedCode();
  assert.notEqual(old, fresh);
  (await visitor.enter(old)).refused(422, "wrong-code");
  assert.equal(await failures(invitation), 1);
  (await visitor.enter(fresh)).good();
});

test("a code is over after ten minutes, to the second", async () => {
  const { visitor } = await to(ANNA);
  await held.current.freeze();
  (await visitor.askForCode()).good();
  const code = await visitor.mailedCode();
  await held.current.advance(10 * MINUTE);
  (await visitor.enter(code)).refused(422, "wrong-code");
  (await visitor.askForCode()).good();
  const next = await visitor.mailedCode();
  await held.current.advance(10 * MINUTE - 1000);
  (await visitor.enter(next)).good();
});

test("a code that was used is used", async () => {
  const { visitor } = await to(ANNA);
  (await visitor.askForCode()).good();
  const code = await visitor.mailedCode();
  (await visitor.enter(code)).good();
  (await visitor.elsewhere().enter(code)).refused(422, "wrong-code");
  assert.equal((await visitor.enter(code)).good().is, "open", "a second press in the same browser goes on");
});

test("the code of another invitation, of the same person or of somebody else, is wrong", async () => {
  const first = await to(ANNA);
  (await first.visitor.askForCode()).good();
  const code = await first.visitor.mailedCode();
  const second = await invitedTo(held.current, ANNA);
  (await second.visitor.askForCode()).good();
  (await second.visitor.enter(code)).refused(422, "wrong-code");
  const other = await invitedTo(held.current, OMAR);
  (await other.visitor.askForCode()).good();
  (await other.visitor.enter(code)).refused(422, "wrong-code");
});

test("guessing: five are compared, whatever codes are asked for meanwhile; the right one then opens nothing", async () => {
  const { visitor, invitation } = await to(ANNA);
  (await visitor.askForCode()).good();
  const code = await visitor.mailedCode();
  for (let salt = 0; salt < 5; salt += 1) {
    const { tries_left } = (await visitor.elsewhere().enter(wrong(salt))).refused(422, "wrong-code");
    assert.equal(tries_left, 4 - salt);
  }
  (await visitor.enter(code)).refused(429, "locked");
  (await visitor.askForCode()).refused(429, "locked");
  assert.equal(await failures(invitation), 5);
  // The counter is the person's: another invitation of theirs buys no guesses.
  const other = await invitedTo(held.current, ANNA);
  (await other.visitor.enter(wrong(9))).refused(429, "locked");
  // Each refusal is in the journal, without the code; the owner and the admins are told.
  const facts = (await held.current.journal(`person-facts/${invitation.person}`)).map((row) => row.entry.event);
  assert.equal(facts.filter((event) => event.kind === "attempt-failed" && event.purpose === "invitation").length >= 5, true);
  assert.ok(!JSON.stringify(facts).includes("ZZZ"));
  await held.current.drain();
  assert.ok((await held.current.mailsTo(ANNA)).some((mail) => /not accepted|locked|wrong codes/i.test(mail.subject + mail.text)));
});

test("twenty wrong codes at the same moment are five comparisons", async () => {
  const { visitor, invitation } = await to(ANNA);
  (await visitor.askForCode()).good();
  const racers = Array.from({ length: 20 }, (_, salt) => (options) => visitor.elsewhere().enter(wrong(salt), options));
  const { answers } = await race(held.current, racers);
  assert.equal(answers.filter((answer) => answer.body.kind === "wrong-code").length, 5);
  assert.equal(answers.filter((answer) => answer.body.kind === "locked").length, 15);
  assert.equal(await failures(invitation), 5);
});

test("the right code sent twenty times at the same moment begins one visit", async () => {
  const { visitor } = await to(ANNA);
  (await visitor.askForCode()).good();
  const code = await visitor.mailedCode();
  const browsers = Array.from({ length: 20 }, () => visitor.elsewhere());
  const { answers } = await race(held.current, browsers.map((browser) => (options) => browser.enter(code, options)));
  const began = answers.filter((answer) => answer.headers.get("set-cookie"));
  assert.equal(began.length, 1, JSON.stringify(answers.map((answer) => answer.body.kind ?? answer.body.is)));
  await held.current.sql("DELETE FROM guess");
  const views = [];
  for (const browser of browsers) views.push((await browser.view()).status);
  assert.equal(views.filter((status) => status === 200).length, 1);
});

test("flooding a mailbox: five codes an hour and twenty a day for an invitation, and it is said when the next one goes", async () => {
  const { visitor } = await to(ANNA);
  let sent = 0;
  for (let hour = 0; hour < 6; hour += 1) {
    for (let time = 0; time < 6; time += 1) {
      const answer = await visitor.askForCode();
      if (answer.status === 200) sent += 1;
      else assert.ok(answer.refused(429, "too-many").retry_at > held.current.now());
    }
    await held.current.advance(HOUR + MINUTE);
  }
  assert.equal(sent, 20);
  await held.current.advance(DAY);
  (await visitor.askForCode()).good();
});

// ── The visit ─────────────────────────────────────────────────────────────────────────────────────────────────────

test("a visit ends after half an hour, to the second", async () => {
  const { visitor } = await to(ANNA);
  await held.current.freeze();
  await visitor.come();
  await held.current.advance(30 * MINUTE - 1000);
  (await visitor.view()).good();
  await held.current.advance(2000);
  await closed(visitor, "link-over");
});

test("whoever comes in later ends the visit before: a stolen cookie is worth nothing then", async () => {
  const { visitor } = await inside(ANNA);
  const thief = visitor.elsewhere();
  thief.cookie = visitor.cookie;
  (await thief.view()).good();
  const again = visitor.elsewhere();
  await again.come();
  await closed(thief, "link-over");
  (await again.view()).good();
});

test("the cookie of another errand opens no invitation, and an invitation's opens no other errand", async () => {
  const { visitor } = await inside(ANNA);
  const device = new Authenticator();
  const priya = held.current.as(PRIYA);
  await held.current.sql("DELETE FROM enrolment");
  await prove(priya);
  const { tab, options } = await make(priya, device);
  const thief = visitor.elsewhere();
  thief.cookie = tab.cookie;
  await closed(thief, "link-over");
  const own = new Tab(held.current);
  own.cookie = visitor.cookie;
  for (const answer of [await own.task(), await own.register(device.create(options.challenge)), await own.assert(device.get(options.challenge))]) {
    answer.refused(410, "link-over");
  }
});

test("a visit to one page shows nothing of another, and its challenge decides nothing there", async () => {
  const here = await inside(ANNA, { title: "Here" });
  const challenge = (await here.visitor.challenge()).good();
  const code = await here.visitor.mailedSignCode(challenge);
  const there = await invitedTo(held.current, ANNA, { title: "There", attach: [["x.txt", "x"]] });
  await there.visitor.come();
  assert.equal((await there.visitor.view()).good().shown.title, "There");
  (await there.visitor.decide(challenge, { code })).refused(422, "challenge-invalid");
  (await here.visitor.attachment(there.attachments[0])).refused(404, "not-found");
  assert.deepEqual(await answers(there.page), []);
  assert.deepEqual(await answers(here.page), []);
});

test("an account's challenge is none in a visit, and a visit's is none in Confluence", async () => {
  const { visitor, page } = await inside(ANNA);
  const jonas = held.current.as(JONAS).on(page);
  const theirs = (await jonas.challenge()).good();
  (await visitor.decide({ ...theirs, decision: "approve", version: 1 }, { code: await jonas.code() })).refused(422, "challenge-invalid");
  const own = (await visitor.challenge()).good();
  const answer = await jonas.decide({ ...own, shown: { decision: "approve", version: 1 } }, { code: await jonas.code() });
  answer.refused(422, "challenge-invalid");
  assert.deepEqual(await answers(page), []);
});

test("a visit's cookie is nothing to the routes of the app, and an invocation token nothing to a visit", async () => {
  const { visitor } = await inside(ANNA);
  for (const route of ["/api/status", "/api/decision", "/api/invite", "/api/settings/policy"]) {
    (await visitor.post(route, {})).refused(401, "bad-invocation");
  }
  const headers = await held.current.as(ADMIN).headers();
  (await visitor.elsewhere().ask("", {}, { headers: { authorization: headers.authorization } })).refused(410, "link-over");
});
