// Somebody without an account on the Worker's own page: from the link in their mail to what is recorded.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { changed } from "../support/change.mjs";
import { ADMIN, AUTHOR, JONAS } from "../support/identities.mjs";
import { ANNA, OMAR, invitedTo, lettingInvite } from "../support/invited.mjs";
import { loadDocuments, missing } from "../support/openapi.mjs";
import { plantPolicy } from "../support/plant-policy.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const CODE = /[0-9A-Z]{4}-[0-9A-Z]{4}/;

// The site is used once, so that it has a policy to be changed.
(await held.current.as(AUTHOR).status()).good();
(await held.current.as(AUTHOR).submit()).good();
await lettingInvite(held.current);
await held.current.as(JONAS).enrol();

/** Lets the hours pass in which mails are counted, and forgets wrong codes: tests are not about each other. */
async function afresh() {
  await held.current.advance(HOUR + MINUTE);
  await held.current.sql("DELETE FROM guess");
  await held.current.sql("DELETE FROM mail_asked");
}
const kinds = async (page) => (await held.current.journal(`page/${page}`)).map((row) => row.kind);
const last = async (page, kind) => (await held.current.journal(`page/${page}`)).findLast((row) => row.kind === kind)?.entry.event;

test("the mail names neither page nor content, in text and in HTML, and says that a code comes", async () => {
  await invitedTo(held.current, ANNA, { title: "Merger plans", body: "<p>Quiet words.</p>" });
  const [mail] = (await held.current.mailsTo(ANNA)).slice(-1);
  for (const text of [mail.subject, mail.text, mail.html]) {
    assert.doesNotMatch(text, /Merger|Quiet/);
    assert.doesNotMatch(text, CODE);
  }
  assert.match(mail.text, /Mira Okafor/);
  assert.match(mail.text, /code/);
  assert.match(mail.html, /^<!doctype html>/);
});

test("link, code, and then what was disclosed: title, inviter, version, hash, what is not shown", async () => {
  await afresh();
  const body = "<p>Keep the keys.</p><ac:image><ri:attachment ri:filename=\"x.png\" /></ac:image>";
  const { page, visitor } = await invitedTo(held.current, ANNA, { title: "Key ceremony", body });
  assert.deepEqual((await visitor.open()).good(), { is: "door" });
  assert.equal(visitor.cookie, null);
  const sent = (await visitor.askForCode()).good();
  assert.ok(sent.expires_at - held.current.now() <= 10 * MINUTE);
  assert.equal((await visitor.open()).good().code_until, sent.expires_at);
  const code = await visitor.mailedCode();
  const mail = (await held.current.mailsTo(ANNA)).at(-1);
  assert.doesNotMatch(mail.subject + mail.text + mail.html, /Key ceremony|Keep the keys/);
  const entered = await visitor.enter(` ${code.toLowerCase().replace("-", " ")} `);
  const { is, shown } = entered.good();
  assert.equal(is, "open");
  assert.match(entered.headers.get("set-cookie"), /^__Host-countersign=[\w.-]+; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=1800$/);
  const { is_hash, ...rest } = { ...shown, is_hash: /^[0-9a-f]{64}$/.test(shown.content_hash) };
  assert.ok(is_hash);
  assert.deepEqual(
    { name: rest.name, by: rest.invited_by, title: rest.title, version: rest.version, approval: rest.approval, own: rest.own_factor },
    { name: "Anna Weiss", by: "Mira Okafor", title: "Key ceremony", version: 1, approval: "Approvers", own: false },
  );
  assert.deepEqual(shown.left_out, [{ what: "image", count: 1 }, ...shown.left_out.slice(1)]);
  assert.equal(shown.comment_on_reject, true);
  assert.ok(shown.until - held.current.now() > 13 * 24 * HOUR);
  assert.ok(shown.visit_until - held.current.now() <= 30 * MINUTE);
  assert.deepEqual((await visitor.view()).good(), { is: "open", shown });
  assert.deepEqual((await visitor.open()).good(), { is: "open", shown }, "following the link again goes on with the visit");
  assert.deepEqual((await kinds(page)).filter((kind) => kind !== "state-entered").slice(-1), ["invited"]);
});

test("the document is one of ours around what was reduced, with a policy under which nothing runs, loads or is sent", async () => {
  await afresh();
  const body = '<h2>Scope</h2><p style="x" onclick="alert(1)">All of <strong>it</strong></p><script>alert(2)</script>';
  const { visitor } = await invitedTo(held.current, ANNA, { body });
  await visitor.come();
  const answer = await visitor.document();
  assert.equal(answer.status, 200, answer.text);
  const headers = Object.fromEntries(answer.headers);
  assert.match(headers["content-type"], /^text\/html/);
  assert.equal(headers["cache-control"], "no-store");
  assert.equal(headers["x-content-type-options"], "nosniff");
  assert.equal(headers["referrer-policy"], "no-referrer");
  assert.equal(headers["x-frame-options"], "SAMEORIGIN");
  assert.equal(headers["cross-origin-resource-policy"], "same-origin");
  const [style] = answer.text.match(/(?<=<style>).*?(?=<\/style>)/s);
  const hash = createHash("sha256").update(style).digest("base64");
  assert.equal(
    headers["content-security-policy"],
    `default-src 'none'; style-src 'sha256-${hash}'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`,
  );
  assert.match(answer.text, /<h2>Scope<\/h2><p>All of <strong>it<\/strong><\/p>/);
  assert.doesNotMatch(answer.text, /<script|onclick|style=|https?:/);
});

test("our own page may hold a frame of this origin, and nothing else it could not before", async () => {
  const answer = await held.current.worker.fetch("/hosted");
  const policy = answer.headers.get("content-security-policy");
  await answer.arrayBuffer();
  if (answer.status === 404) return; // The page is built by `cargo xtask build`.
  assert.match(policy, /frame-src 'self';/);
  assert.match(policy, /^default-src 'none';/);
  assert.match(policy, /frame-ancestors 'none'$/);
});

test("attachments that were named can be saved, as bytes of no type, by a name that breaks out of nothing", async () => {
  await afresh();
  await held.current.sandbox.forgetCalls();
  const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, place) => place % 256));
  const { visitor, attachments } = await invitedTo(held.current, ANNA, { attach: [['évil "x".html', bytes], ["plan.pdf", "a plan"]] });
  const shown = await visitor.come();
  assert.deepEqual(shown.attachments, [{ id: attachments[0], title: 'évil "x".html' }, { id: attachments[1], title: "plan.pdf" }]);
  const raw = await held.current.worker.fetch(`/hosted/attachment/${attachments[0]}`, {
    headers: { cookie: `__Host-countersign=${visitor.cookie}`, "sec-fetch-site": "same-origin", "sec-fetch-dest": "document" },
  });
  assert.equal(raw.status, 200);
  assert.deepEqual(Buffer.from(await raw.arrayBuffer()), bytes);
  const headers = Object.fromEntries(raw.headers);
  assert.equal(headers["content-type"], "application/octet-stream");
  assert.equal(headers["content-disposition"], "attachment; filename=\"_vil _x_.html\"; filename*=UTF-8''%C3%A9vil%20%22x%22.html");
  assert.equal(headers["x-content-type-options"], "nosniff");
  assert.equal(headers["cache-control"], "no-store");
  assert.match(headers["content-security-policy"], /^default-src 'none'; sandbox/);
  const files = (await held.current.sandbox.calls()).filter((call) => call.via === "media");
  assert.ok(files.length > 0 && files.every((call) => call.status === 200), "no credential went along");
  assert.equal((await visitor.attachment(attachments[1])).text, "a plan");
  if (missing) return;
  const documents = loadDocuments();
  const asked = (await held.current.sandbox.calls()).filter((call) => call.path.endsWith("/download"));
  assert.ok(asked.length > 0);
  for (const call of asked) assert.deepEqual([...documents.faultsOfCall(call), ...documents.faultsOfAnswer(call)], [], "as Atlassian describes it");
});

test("an attachment of 24 MB is handed on whole; what Confluence does not give is said to be out of reach", async () => {
  await afresh();
  const megabyte = Buffer.alloc(1024 * 1024, "film");
  const { visitor, attachments } = await invitedTo(held.current, ANNA, { attach: [["film.mp4", megabyte, { times: 24 }]] });
  await visitor.come();
  const film = await visitor.attachment(attachments[0]);
  assert.equal(film.status, 200, film.text.slice(0, 200));
  assert.equal(film.text.length, 24 * megabyte.length);
  await held.current.sandbox.fault({ method: "GET", path: "/media/", times: 1, kind: "status", status: 500 });
  (await visitor.attachment(attachments[0])).refused(503, "confluence-unavailable");
});

test("approving with a mailed code: recorded as mailbox control, and the approval waits for people with accounts", async () => {
  await afresh();
  const { page, visitor, invitation } = await invitedTo(held.current);
  await visitor.come();
  const challenge = (await visitor.challenge()).good();
  assert.deepEqual(challenge.how.factors, ["mail-code"]);
  assert.equal(challenge.meaning, "I have reviewed this version and approve it for use.");
  assert.equal(challenge.title, "Annual audit");
  assert.equal("changes" in challenge, false, "what an older version said was not disclosed");
  (await visitor.decide(challenge)).refused(422, "bad-field");
  const sent = (await visitor.signCode(challenge)).good();
  assert.equal(sent.sent_to, "a•••@auditor.example");
  const answered = (await visitor.decide(challenge, { code: await visitor.mailedCode(), comment: "Read all of it." })).good();
  assert.equal(answered.decision, "approve");
  assert.match(answered.sentence, /You approved version 1\..*mailbox control, no account/);
  const event = await last(page, "decided");
  assert.deepEqual(event.invited, { invitation: invitation.id, standing: "mailbox control, no account" });
  assert.equal(event.by.account, invitation.person);
  assert.equal(event.proof.factor.kind, "mail-code");
  const { status } = (await held.current.as(AUTHOR).on(page).confirm()).good();
  assert.equal(status.state.name, "In Review", "a mailbox stands for nobody with an account");
  assert.deepEqual((await visitor.view()).good().is, "answered");
  assert.equal((await visitor.document()).status, 410, "nothing is shown of what was answered");
  (await held.current.as(JONAS).on(page).approve()).good();
  assert.equal((await held.current.as(AUTHOR).on(page).confirm()).good().status.state.name, "Approved");
});

test("no row of a name is left that no entry speaks of", async () => {
  const [{ n }] = await held.current.sql("SELECT COUNT(*) AS n FROM text WHERE body LIKE 'invited:%'");
  assert.equal(n, 0);
});

test("people with accounts are not enough while an invitation is open; the answer completes it", async () => {
  await afresh();
  const { page, visitor } = await invitedTo(held.current);
  (await held.current.as(JONAS).on(page).approve()).good();
  assert.equal((await held.current.as(AUTHOR).on(page).confirm()).good().status.state.name, "In Review");
  await visitor.come();
  assert.equal((await visitor.verdict()).good().decision, "approve");
  assert.equal((await held.current.as(AUTHOR).on(page).confirm()).good().status.state.name, "Approved");
  const answered = (await visitor.view()).good();
  assert.equal(answered.is, "answered", "what was answered is told after the review is over");
});

test("one rejection from outside rejects, and takes a comment", async () => {
  await afresh();
  const { page, visitor } = await invitedTo(held.current);
  await visitor.come();
  const challenge = (await visitor.challenge("reject")).good();
  assert.equal(challenge.comment_required, true);
  const code = await visitor.mailedSignCode(challenge);
  (await visitor.decide(challenge, { code })).refused(422, "bad-field");
  await afresh();
  await visitor.come();
  assert.equal((await visitor.verdict("reject", { comment: "Table 2 is wrong." })).good().decision, "reject");
  assert.equal((await held.current.as(AUTHOR).on(page).confirm()).good().status.state.name, "Draft");
  const history = JSON.stringify((await held.current.as(AUTHOR).on(page).confirm()).good());
  assert.match(history, /Table 2 is wrong/);
});

test("abstaining asks for no code, may say why, and may be all that was missing", async () => {
  await afresh();
  const { page, visitor, invitation } = await invitedTo(held.current);
  (await held.current.as(JONAS).on(page).approve()).good();
  await visitor.come();
  const answered = (await visitor.abstain("I know one of the authors.")).good();
  assert.equal(answered.decision ?? null, null);
  assert.match(answered.sentence, /You abstained/);
  assert.equal((await held.current.as(AUTHOR).on(page).confirm()).good().status.state.name, "Approved");
  const event = await last(page, "abstained");
  assert.equal(event.invitation, invitation.id);
  assert.equal(event.standing, "mailbox control, no account");
  assert.deepEqual((await visitor.abstain("Again.")).good(), answered, "pressing twice");
  assert.equal((await kinds(page)).filter((kind) => kind === "abstained").length, 1);
});

test("an authenticator of one's own: set up in a visit, used, and no mailed code counts any more", async () => {
  await afresh();
  const first = await invitedTo(held.current, OMAR);
  await first.visitor.come();
  assert.deepEqual((await first.visitor.factors()).good(), { factors: [], recovery_codes: 0 });
  (await first.visitor.beginFactor({ factor_kind: "passkey" })).refused(422, "bad-field");
  const begun = (await first.visitor.beginFactor({ name: "Phone" })).good();
  assert.equal(begun.account, OMAR.email);
  held.current.authenticators.add(OMAR.email, begun.key);
  const kept = (await first.visitor.confirmFactor(await first.visitor.code())).good();
  assert.equal(kept.recovery_codes.length, 10);
  const listed = (await first.visitor.factors()).good();
  assert.deepEqual(listed.factors.map(({ kind, name }) => ({ kind, name })), [{ kind: "totp", name: "Phone" }]);
  assert.equal((await first.visitor.view()).good().shown.own_factor, true);
  const challenge = (await first.visitor.challenge()).good();
  assert.deepEqual(challenge.how.factors, ["totp"]);
  (await first.visitor.signCode(challenge)).refused(403, "mail-code-not-allowed");
  const answered = (await first.visitor.decide(challenge, { code: await first.visitor.code() })).good();
  assert.match(answered.sentence, /own factor, no account/);
  assert.equal((await last(first.page, "decided")).invited.standing, "own factor, no account");
  await held.current.drain();
  assert.ok((await held.current.mailsTo(OMAR)).some((mail) => /authenticator/.test(mail.subject)), "they are told of it");

  // The next invitation finds the same person, with their factor; a further one takes it, or a recovery code.
  await afresh();
  const next = await invitedTo(held.current, OMAR);
  await next.visitor.come();
  assert.deepEqual((await next.visitor.challenge()).good().how.factors, ["totp"]);
  const asked = (await next.visitor.beginFactor({ name: "Tablet" })).good();
  assert.ok(asked.confirm, "a mailbox is not enough any more");
  const confirm = { challenge: asked.confirm.challenge, code: kept.recovery_codes[0] };
  const again = (await next.visitor.beginFactor({ name: "Tablet", confirm })).good();
  assert.ok(again.key, "a recovery code is");
});

test("an admin sees who is locked, releases them, and takes a lost authenticator away", async () => {
  await afresh();
  await held.current.as(ADMIN).enrol();
  const admin = held.current.as(ADMIN).from("approval-settings");
  const mario = { name: "Mario Conti", email: "mario@lost.example" };
  const first = await invitedTo(held.current, mario);
  await first.visitor.come();
  const begun = (await first.visitor.beginFactor({ name: "Phone" })).good();
  held.current.authenticators.add(mario.email, begun.key);
  (await first.visitor.confirmFactor(await first.visitor.code())).good();
  const listed = async () => (await admin.call("/api/invited")).good().people.find((one) => one.name === mario.name);
  assert.deepEqual([(await listed()).factor, (await listed()).lock], [true, undefined]);

  const challenge = (await first.visitor.challenge()).good();
  for (let n = 0; n < 5; n += 1) (await first.visitor.decide(challenge, { code: "000000" })).refused(422, "wrong-code");
  const { person, lock } = await listed();
  assert.equal(lock.is, "until");
  assert.ok(lock.at > held.current.now());
  await changed(admin, "/api/settings/insights/unlock", { account: person, reason: "They called." });
  assert.equal((await listed()).lock, undefined);
  await changed(admin, "/api/settings/insights/revoke", { account: person, reason: "They lost their phone." });
  assert.equal((await listed()).factor, false);
  const facts = (await held.current.journal(`factors/${person}`)).map((row) => row.kind);
  assert.ok(facts.includes("factor-revoked"), facts.join());

  // A visit ends with what it was begun with; a new one needs nothing but the mailbox, and sets up another.
  await afresh();
  const next = await invitedTo(held.current, mario);
  await next.visitor.come();
  assert.ok((await next.visitor.beginFactor({ name: "New phone" })).good().key);
  await held.current.drain();
  const told = (await held.current.mailsTo(mario)).map((mail) => `${mail.subject} ${mail.text}`).join("\n");
  assert.match(told, /unlocked/i);
  assert.match(told, /revoked/i);
});

test("where the policy takes no mailed code, an authenticator is set up first", async () => {
  await afresh();
  await lettingInvite(held.current, { factors: ["totp", "passkey"] });
  const { visitor } = await invitedTo(held.current);
  await visitor.come();
  (await visitor.challenge()).refused(422, "no-factor");
  await visitor.enrol();
  const challenge = (await visitor.challenge()).good();
  assert.equal((await visitor.decide(challenge, { code: await visitor.code() })).good().decision, "approve");
  await lettingInvite(held.current);
});

test("to the letter of Part 11 an own authenticator and one's own address are asked for, and a mailbox does not do", async () => {
  await afresh();
  const who = { name: "Ravi Menon", email: "ravi@auditor.example" };
  const { visitor, page } = await invitedTo(held.current, who);
  await plantPolicy(held.current, (policy) => ({ rules: policy.rules.map((rule) => ({ ...rule, demand: { ...rule.demand, factors: ["totp", "passkey"], part_11: true } })) }));
  await visitor.come();
  (await visitor.challenge()).refused(422, "no-factor");
  await visitor.enrol();
  const challenge = (await visitor.challenge()).good();
  assert.equal(challenge.how.identification, true);
  const body = { challenge: challenge.challenge, decision: "approve", page_version: 1, comment: "" };
  (await visitor.ask("/decision", { ...body, code: await visitor.code() })).refused(422, "bad-field");
  (await visitor.ask("/decision", { ...body, code: await visitor.code(), identification: "somebody@else.example" })).refused(422, "wrong-code");
  (await visitor.ask("/decision", { ...body, code: await visitor.code(), identification: who.email })).good();
  assert.equal((await last(page, "decided")).proof.identified, true);
  await plantPolicy(held.current, (policy) => ({ rules: policy.rules.map((rule) => ({ ...rule, demand: { ...rule.demand, part_11: false } })) }));
  await lettingInvite(held.current);
});

test("whoever invited is mailed the answer", async () => {
  await afresh();
  const { visitor } = await invitedTo(held.current, { name: "Iris Wolf", email: "iris@auditor.example" });
  await visitor.come();
  const before = (await held.current.mailsTo(AUTHOR)).length;
  (await visitor.abstain()).good();
  await held.current.drain();
  const mails = (await held.current.mailsTo(AUTHOR)).slice(before);
  assert.ok(mails.some((mail) => /Iris Wolf/.test(mail.text)), JSON.stringify(mails.map((mail) => mail.text)));
});

test("of no invited person Confluence is ever asked anything", async () => {
  const calls = await held.current.sandbox.calls();
  const told = calls.filter((call) => /invited/.test(decodeURIComponent(`${call.path}?${call.query}`)) || /invited:/.test(JSON.stringify(call.request ?? "")));
  assert.deepEqual(told, []);
});

test("no code is in the journal, in the log, or readable in the database", async () => {
  await afresh();
  const { visitor } = await invitedTo(held.current);
  (await visitor.askForCode()).good();
  const code = await visitor.mailedCode();
  const dump = JSON.stringify(await held.current.sql("SELECT * FROM invitation"))
    + JSON.stringify(await held.current.sql("SELECT * FROM outbox"))
    + JSON.stringify(await held.current.sql("SELECT entry FROM journal"))
    + held.current.worker.log;
  for (const secret of [code, code.replace("-", ""), visitor.link, ANNA.email]) assert.ok(!dump.includes(secret), secret);
});
