// Attacks on what somebody without an account is shown, and on their answer: the page or the rules change behind it, its
// author writes script, somebody asks for more than was named, answers twice. See also invited.test.mjs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { AUTHOR, JONAS } from "../support/identities.mjs";
import { ANNA, invitedTo, lettingInvite, newestInvitation } from "../support/invited.mjs";
import { plantPolicy } from "../support/plant-policy.mjs";
import { race } from "../support/race.mjs";
import { siteForFile } from "../support/server.mjs";
import { closed, outside, tellsNothing } from "./outside.mjs";

const held = await siteForFile();
const { afresh, to, inside, answers, revoke } = outside(held);
const DAY = 24 * 60 * 60_000;

(await held.current.as(AUTHOR).submit()).good();
await lettingInvite(held.current);
await held.current.as(JONAS).enrol();

// ── What it is about is gone ──────────────────────────────────────────────────────────────────────────────────────

test("after it was revoked nothing is shown, no code is mailed, and a challenge in hand decides nothing", async () => {
  const { visitor, page, invitation, attachments } = await inside(ANNA, { attach: [["a.txt", "secret text"]] });
  const challenge = (await visitor.challenge()).good();
  const code = await visitor.mailedSignCode(challenge);
  await revoke(page, invitation);
  await closed(visitor, "invitation-over", { attachment: attachments[0], challenge });
  (await visitor.decide(challenge, { code })).refused(410, "invitation-over");
  const outside = visitor.elsewhere();
  for (const answer of [await outside.open(), await outside.askForCode(), await outside.enter("ABCD-1234")]) answer.refused(410, "invitation-over");
  assert.deepEqual(await answers(page), []);
});

test("after the page was edited nothing is shown, whether or not the event has come yet, and the review is looked at again", async () => {
  const { visitor, page } = await inside(ANNA, { body: "<p>secret text</p>" });
  const challenge = (await visitor.challenge()).good();
  const code = await visitor.mailedSignCode(challenge);
  await held.current.sandbox.edit(page, { text: "<p>another secret text</p>" });
  await closed(visitor, "invitation-over");
  (await visitor.decide(challenge, { code })).refused(410, "invitation-over");
  await held.current.drain();
  const { status } = (await held.current.as(AUTHOR).on(page).confirm()).good();
  assert.equal(status.state.name, "Draft", "the edit was found without its event");
  await held.current.deliver();
  (await visitor.open()).refused(410, "invitation-over");
  assert.deepEqual(await answers(page), []);
});

test("after an attachment was changed nothing is shown: it is part of what was disclosed", async () => {
  const { visitor, page, attachments } = await inside(ANNA, { attach: [["a.txt", "one"]] });
  await held.current.sandbox.attach(page, "a.txt", "two: secret text");
  await closed(visitor, "invitation-over", { attachment: attachments[0] });
});

test("a policy that takes the workflow out ends what is shown at once, and what was about to be signed", async () => {
  const { visitor, page, attachments } = await inside(ANNA, { attach: [["a.txt", "secret text"]] });
  const challenge = (await visitor.challenge()).good();
  const code = await visitor.mailedSignCode(challenge);
  await lettingInvite(held.current, { workflows: [] });
  await closed(visitor, "invitation-over", { attachment: attachments[0], challenge });
  (await visitor.decide(challenge, { code })).refused(410, "invitation-over");
  (await visitor.elsewhere().askForCode()).refused(410, "invitation-over");
  await lettingInvite(held.current);
  assert.deepEqual(await answers(page), []);
  (await visitor.decide(challenge, { code })).refused(422, "challenge-invalid");
});

test("a policy that was tightened in between lets no weaker confirmation pass", async () => {
  const { visitor, page } = await inside(ANNA);
  const challenge = (await visitor.challenge()).good();
  const code = await visitor.mailedSignCode(challenge);
  await lettingInvite(held.current, { factors: ["totp", "passkey"] });
  const answer = await visitor.decide(challenge, { code });
  assert.ok(answer.status >= 400, answer.text);
  assert.deepEqual(await answers(page), []);
  await lettingInvite(held.current);
});

test("a policy that asks for nothing still has whoever is invited confirm each verdict", async () => {
  const { visitor, page } = await inside(ANNA);
  let rules;
  await plantPolicy(held.current, (policy) => {
    ({ rules } = policy);
    return { rules: [] };
  });
  const challenge = (await visitor.challenge()).good();
  assert.deepEqual(challenge.how.factors, ["mail-code"]);
  (await visitor.decide(challenge)).refused(422, "bad-field");
  assert.deepEqual(await answers(page), []);
  await plantPolicy(held.current, () => ({ rules }));
});

test("after its time nothing is shown, and the review still waits", async () => {
  await lettingInvite(held.current, { days: 1 });
  const { visitor, page } = await inside(ANNA);
  await held.current.advance(DAY);
  const outside = visitor.elsewhere();
  (await outside.open()).refused(410, "invitation-over");
  (await held.current.as(JONAS).on(page).approve()).good();
  assert.equal((await held.current.as(AUTHOR).on(page).confirm()).good().status.state.name, "In Review");
  await lettingInvite(held.current);
});

test("once the review is over, nothing of the page is shown to whoever did not answer", async () => {
  const { visitor, page } = await inside(ANNA);
  (await held.current.as(JONAS).on(page).reject("Not like this.")).good();
  await closed(visitor, "invitation-over");
});

// ── The document ──────────────────────────────────────────────────────────────────────────────────────────────────

test("the document is given to a frame of our own page and to nothing else", async () => {
  const { visitor } = await inside(ANNA, { body: "<p>secret text</p>" });
  for (const headers of [
    { "sec-fetch-dest": "document" }, { "sec-fetch-dest": "script" }, { "sec-fetch-dest": "empty" }, { "sec-fetch-dest": "object" },
    { "sec-fetch-site": "cross-site" }, { "sec-fetch-site": "same-site" }, { "sec-fetch-site": "none" },
  ]) {
    const answer = await visitor.document(headers);
    tellsNothing(answer);
    answer.refused(403, "wrong-route");
  }
  const framed = await visitor.document();
  assert.match(framed.text, /secret text/);
  assert.match(framed.headers.get("content-security-policy"), /; sandbox; .*frame-ancestors 'self'$/);
  assert.equal(framed.headers.get("x-frame-options"), "SAMEORIGIN");
  for (const method of ["POST", "PUT", "DELETE", "HEAD"]) {
    const answer = await held.current.worker.fetch("/hosted/document", { method, headers: { cookie: `__Host-countersign=${visitor.cookie}` } });
    assert.equal(answer.status, 405);
    await answer.arrayBuffer();
  }
});

const SCRIPTS = [
  "<script>alert(1)</script>", "<img src=x onerror=alert(1) />", "<svg onload=\"alert(1)\"></svg>", "<iframe srcdoc=\"&lt;script>alert(1)&lt;/script>\"></iframe>",
  "<a href=\"javascript:alert(1)\">go</a>", "<form action=\"https://evil.example\"><button>go</button></form>", "<meta http-equiv=\"refresh\" content=\"0;url=https://evil.example\" />",
  "<base href=\"https://evil.example/\" />", "<style>*{background:url(https://evil.example)}</style>", "<p style=\"background:url(https://evil.example)\">x</p>",
  "<link rel=\"stylesheet\" href=\"https://evil.example/x.css\" />", "<title></title><script>alert(3)</script>",
  "<ac:structured-macro ac:name=\"html\"><ac:plain-text-body><![CDATA[<script>alert(4)</script>]]></ac:plain-text-body></ac:structured-macro>",
  "<!--<script>-->alert(5)<!--</script>-->", "&lt;script&gt;alert(6)&lt;/script&gt;", "<template><script>alert(7)</script></template>", "<object data=\"x\"></object><embed src=\"x\" />",
];
test("script, style, form and address on a page are text in the document, or left out", async () => {
  const { visitor } = await inside(ANNA, { body: `<p>secret text</p>${SCRIPTS.join("<p>between</p>")}` });
  const { text } = await visitor.document();
  assert.match(text, /secret text/);
  const inside_body = text.slice(text.indexOf("<body>") + 6, text.lastIndexOf("</body>"));
  const tags = [...inside_body.matchAll(/<\/?([^\s>/]+)([^>]*)>/g)];
  for (const [tag, name, rest] of tags) {
    assert.match(name, /^(p|h[1-6]|em|strong|b|i|u|s|br|hr|ul|ol|li|table|thead|tbody|tfoot|tr|td|th|pre|code|blockquote|span|div|sub|sup|del|dl|dt|dd|small|a|time|ins|mark|caption|colgroup|col|q|cite)$/i, tag);
    assert.match(rest, /^(\s*(colspan|rowspan)="\d+")*\s*\/?$/, tag);
  }
  assert.equal((text.match(/<body>/g) ?? []).length, 1);
});

test("markup in title, name and file names travels as text alone", async () => {
  const evil = "<img src=x onerror=alert(1)>\"'&";
  const who = { name: "<script>alert(1)</script> Eve", email: "eve@auditor.example" };
  const { visitor } = await inside(who, { title: evil, attach: [["<b>x</b>.html", "<script>alert(1)</script>"]] });
  const { shown } = (await visitor.view()).good();
  assert.equal(shown.title, evil);
  assert.match(shown.name, /<script>/);
  const document = await visitor.document();
  assert.doesNotMatch(document.text, /onerror|<script/);
  const file = await visitor.attachment(shown.attachments[0].id);
  assert.equal(file.headers.get("content-type"), "application/octet-stream");
  assert.match(file.headers.get("content-disposition"), /^attachment; filename="_b_x__b_\.html"/);
  for (const mail of await held.current.mailsTo(who)) assert.doesNotMatch(mail.html, /<script|<img/);
});

// ── Attachments ───────────────────────────────────────────────────────────────────────────────────────────────────

test("an attachment that was not named is not given, by whatever name", async () => {
  const { visitor, attachments } = await inside(ANNA, { attach: [["a.txt", "named"], ["b.txt", "secret text"]], named: [0] });
  assert.equal((await visitor.attachment(attachments[0])).text, "named");
  tellsNothing(await visitor.attachment(attachments[1]));
  (await visitor.attachment(attachments[1])).refused(404, "not-found");
  for (const id of [`${attachments[0]}/../${attachments[1]}`, `${attachments[1]}%00`, `..%2f${attachments[1]}`, `${attachments[0]},${attachments[1]}`, ""]) {
    const answer = await visitor.attachment(id);
    assert.equal(answer.status, 404, id);
    assert.doesNotMatch(answer.text, /secret text/);
  }
  for (const headers of [{ "sec-fetch-dest": "iframe" }, { "sec-fetch-dest": "script" }, { "sec-fetch-dest": "image" }, { "sec-fetch-site": "cross-site" }, { "sec-fetch-site": "none" }]) {
    (await visitor.attachment(attachments[0], headers)).refused(403, "wrong-route");
  }
});

test("the credential the app asks Confluence with goes nowhere else", async () => {
  await held.current.sandbox.forgetCalls();
  const { visitor, attachments } = await inside(ANNA, { attach: [["a.txt", "named"]] });
  assert.equal((await visitor.attachment(attachments[0])).text, "named");
  const files = (await held.current.sandbox.calls()).filter((call) => call.via === "media");
  assert.deepEqual(files.map((call) => call.status), [200], "the file's own service refuses who brings a credential");
});

// ── The answer ────────────────────────────────────────────────────────────────────────────────────────────────────

test("the same answer sent twenty times at the same moment is one entry, and each is told of it", async () => {
  const { visitor, page } = await inside(ANNA);
  const challenge = (await visitor.challenge()).good();
  const code = await visitor.mailedSignCode(challenge);
  const { answers: told } = await race(held.current, Array.from({ length: 20 }, () => (options) => visitor.decide(challenge, { code }, options)));
  assert.equal((await answers(page)).length, 1);
  const good = told.filter((answer) => answer.status === 200);
  assert.ok(good.length >= 1, JSON.stringify(told.map((answer) => answer.body)));
  assert.ok(good.every((answer) => answer.body.decision === "approve"));
  assert.equal((await visitor.decide(challenge, { code })).good().decision, "approve", "and again later");
  assert.equal((await answers(page)).length, 1);
});

test("approving and abstaining at the same moment is one answer", async () => {
  const { visitor, page } = await inside(ANNA);
  const challenge = (await visitor.challenge()).good();
  const code = await visitor.mailedSignCode(challenge);
  await race(held.current, [
    ...Array.from({ length: 5 }, () => (options) => visitor.abstain("", {}, options)),
    ...Array.from({ length: 5 }, () => (options) => visitor.decide(challenge, { code }, options)),
  ]);
  assert.equal((await answers(page)).length, 1);
});

test("whoever answered answers no second time, in no other way", async () => {
  const { visitor, page } = await inside(ANNA);
  const [one, other] = [(await visitor.challenge()).good(), (await visitor.challenge("reject")).good()];
  const code = await visitor.mailedSignCode(one);
  (await visitor.decide(one, { code })).good();
  await afresh();
  for (const answer of [await visitor.challenge(), await visitor.signCode(other), await visitor.decide(other, { code, comment: "No" })]) {
    assert.ok(answer.status >= 400, answer.text);
  }
  assert.equal((await answers(page)).length, 1);
});

test("the code that opened the door confirms nothing, and the code that confirms opens no door", async () => {
  const { visitor } = await to(ANNA);
  (await visitor.askForCode()).good();
  const door = await visitor.mailedCode();
  (await visitor.enter(door)).good();
  const challenge = (await visitor.challenge()).good();
  const sign = await visitor.mailedSignCode(challenge);
  (await visitor.decide(challenge, { code: door })).refused(422, "wrong-code");
  (await visitor.elsewhere().enter(sign)).refused(422, "wrong-code");
  (await visitor.decide(challenge, { code: sign })).good();
});

test("an authenticator that has ended is no way back to the mailbox", async () => {
  const who = { name: "Tara Holm", email: "tara@auditor.example" };
  const { visitor, invitation } = await inside(who);
  await visitor.enrol();
  await held.current.sql("UPDATE factor SET expires_at = ? WHERE person = ?", held.current.now() - 1000, invitation.person);
  (await visitor.challenge()).refused(422, "no-factor");
  const begun = await visitor.beginFactor();
  assert.ok(begun.status >= 400 || begun.body.confirm, begun.text);
});

test("an invitation is taken back on its own page alone", async () => {
  const { page, visitor } = await inside(ANNA);
  const other = await held.current.newPage({ title: "Other" });
  (await held.current.as(AUTHOR).on(other).submit()).good();
  await held.current.drain();
  const row = await newestInvitation(held.current, page);
  (await held.current.as(AUTHOR).on(other).call("/api/invite/revoke", { invitation: row.id })).refused(410, "invitation-over");
  assert.equal((await visitor.view()).good().is, "open");
});

test("a link to one page goes on leading to that page when the same person is invited to another", async () => {
  const first = await inside(ANNA, { title: "First" });
  const second = await invitedTo(held.current, ANNA, { title: "Second" });
  assert.notEqual(first.visitor.link, second.visitor.link);
  // A cookie of the first in hand, the second link opens its door and nothing more.
  const both = second.visitor.elsewhere();
  both.cookie = first.visitor.cookie;
  assert.deepEqual((await both.open()).good(), { is: "door" });
  assert.equal((await first.visitor.view()).good().shown.title, "First");
});
