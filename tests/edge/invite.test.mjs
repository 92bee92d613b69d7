// Asking people without an account, from inside Confluence: who may, whom, what it discloses, how it counts, and how they are
// erased. What they do themselves is in invited.test.mjs.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { changed } from "../support/change.mjs";
import { ADMIN, AUTHOR, GUEST, JONAS, SITE, VIEWER } from "../support/identities.mjs";
import { ANNA, OMAR, invitedTo, inviting, lettingInvite, newestInvitation } from "../support/invited.mjs";
import { plantPolicy } from "../support/plant-policy.mjs";
import { guard, policy, rule } from "../support/policy.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const site = () => held.current;
const admin = () => site().as(ADMIN).from("approval-settings");
const WORKFLOW = "page-approval";
const DAY = 24 * 3600_000;

/** Somebody new. */
let nobody = 0;
const stranger = (name = "Ada Quist") => ({ name, email: `ada.${(nobody += 1)}@partner.example` });

/** A page under review. */
async function inReview(title = "To be shown") {
  const page = await site().newPage({ title });
  (await site().as(AUTHOR).on(page).submit()).good();
  await site().drain();
  return page;
}

const on = (page, who = AUTHOR) => site().as(who).on(page);
const invite = (page, who, given) => inviting(on(page), who, given);
const revoke = (page, invitation, who = AUTHOR) => on(page, who).call("/api/invite/revoke", { invitation });
const invited = (status) => status.review.approvals[0].invited ?? [];
const journal = async (page, kind) => (await site().journal(`page/${page}`)).filter((row) => row.kind === kind);

before(async () => {
  await site().as(JONAS).enrol();
  await admin().enrol();
});

test("nobody is invited before an admin lets it", async () => {
  const page = await inReview();
  assert.equal((await on(page).actions()).good().inviting, undefined);
  (await invite(page, ANNA)).refused(403, "invitations-off");
  assert.deepEqual(await site().sql("SELECT id FROM invited"), [], "whoever was not invited is not kept");
});

test("an admin lets it per workflow, and is told of one that does not exist", async () => {
  const before = await policy(site());
  const draft = { ...before.draft, invitations: { workflows: [WORKFLOW, "no-such"], days: 0 } };
  const { faults } = (await admin().call("/api/settings/policy/check", { draft })).good();
  assert.deepEqual(faults.map((one) => one.at).sort(), ["/invitations/days", "/invitations/workflows/0"]);
  (await admin().call("/api/settings/policy/set", { based_on: before.newest, draft })).refused(422, "bad-policy");
  draft.invitations = { workflows: [WORKFLOW], days: 21 };
  const told = (await admin().call("/api/settings/policy/check", { draft })).good();
  assert.deepEqual(told.faults, []);
  assert.ok(told.changes.some((one) => one.includes(`People without an account`) && one.includes(WORKFLOW)), told.changes.join("\n"));
  assert.ok(told.warnings.some((one) => one.at === "/invitations/workflows"), "nobody is asked for anything who invites");
  await changed(admin(), "/api/settings/policy/set", { based_on: before.newest, draft });
  const page = await inReview();
  const { inviting: offer } = (await on(page).actions()).good();
  assert.deepEqual([offer.offer.is, offer.days, offer.approvals.map((one) => one.approval)], ["open", 21, ["approvers"]]);
  assert.equal((await on(page, VIEWER).actions()).good().inviting.offer.is, "closed");
});

test("an invitation is journalled with what it discloses, and its mail says nothing of the page", async () => {
  const page = await site().newPage({ title: "The secret plan" });
  const plan = await site().sandbox.attach(page, "the plan.pdf", "a plan");
  await site().sandbox.attach(page, "other.pdf", "not for them");
  await site().deliver();
  (await on(page).submit()).good();
  await site().drain();
  const choices = (await on(page).call("/api/invite/attachments")).good().attachments;
  assert.deepEqual(choices.map((one) => one.title), ["other.pdf", "the plan.pdf"]);
  (await on(page, VIEWER).call("/api/invite/attachments")).refused(403, "not-allowed");
  const who = stranger("Ada \"<b>\" Quist");
  (await invite(page, { ...who, email: who.email.toUpperCase() }, { attachments: [plan] })).good();
  await site().drain();

  const [{ entry, seq }] = await journal(page, "invited");
  const { event } = entry;
  assert.match(event.person.account, /^invited:[0-9a-f]{32}$/);
  assert.deepEqual([event.approval, event.version, event.attachments.map((one) => [one.id, one.version])], ["approvers", 1, [[plan, 1]]]);
  assert.ok(Math.abs(event.until - entry.at - 21 * DAY) < 1000);
  for (const clear of [who.name, who.email, "the plan.pdf"]) assert.ok(!JSON.stringify(entry).includes(clear), `${clear} is in the entry`);
  assert.equal((await site().sql("SELECT body FROM text WHERE id = ?", event.address.text)).length, 0, "the address is no text");

  const [mail] = await site().mailsTo(who);
  assert.ok(mail.text.includes(AUTHOR.name) && /#i\.[\w-]+/.test(mail.text), mail.text);
  for (const secret of ["secret plan", "the plan.pdf", SITE.cloudId]) assert.ok(!(mail.subject + mail.text + mail.html).includes(secret), secret);
  assert.ok(!mail.html.includes("<b>"), "a name is text");

  const status = (await on(page, VIEWER).confirm()).good().status;
  const [shown] = invited(status);
  assert.deepEqual([shown.name, shown.by, shown.state, shown.attachments], [who.name, AUTHOR.name, "asked", ["the plan.pdf"]]);
  assert.ok(!JSON.stringify(status).includes(who.email), "viewers are not told the address");
  assert.equal(status.history.find((line) => line.seq === seq).what.person, who.name);
});

test("what is no mail address, or somebody's who is asked inside, is refused before anything is kept", async () => {
  const page = await inReview();
  const kept = await site().sql("SELECT id FROM invited");
  for (const email of ["ada", "a@x.example, b@x.example", "Ada <ada@x.example>", "ada@x.example\r\nBcc: b@x.example", AUTHOR.email]) {
    const problem = (await invite(page, { name: "Ada", email })).refused(422, "bad-field");
    assert.equal(problem.field, "address", email);
  }
  for (const name of ["", " ", "Ada\nBcc: x", "x".repeat(81)]) {
    assert.equal((await invite(page, { ...stranger(), name })).refused(422, "bad-field").field, "name");
  }
  const elsewhere = await site().newPage({ title: "Another" });
  const foreign = await site().sandbox.attach(elsewhere, "x.txt", "x");
  assert.equal((await invite(page, stranger(), { attachments: [foreign] })).refused(422, "bad-field").field, "attachments");
  await plantPolicy(site(), (now) => ({ people: { ...now.people, managed_domains: ["corp.example"] } }));
  assert.equal((await invite(page, { name: "Inside", email: "x@CORP.example" })).refused(422, "bad-field").field, "address");
  (await inviting(on(page, VIEWER), stranger())).refused(403, "not-allowed");
  (await inviting(on(page, GUEST), stranger())).refused(403, "not-allowed");
  assert.deepEqual(await site().sql("SELECT id FROM invited"), kept);
});

test("one address is one person over all pages, and is asked once for an approval", async () => {
  const [one, two] = [await inReview(), await inReview()];
  const who = stranger();
  (await invite(one, who)).good();
  (await invite(one, { ...who, email: who.email.toUpperCase() })).refused(409, "invited-already");
  (await invite(two, { ...who, name: "A. Quist" })).good();
  const [first, second] = [await newestInvitation(site(), one), await newestInvitation(site(), two)];
  assert.equal(first.person, second.person);
  (await revoke(one, first.id)).good();
  (await invite(one, who)).good();
  assert.notEqual((await newestInvitation(site(), one)).id, first.id);
});

test("those with an account do not complete what somebody outside still has to answer, and whoever may edit takes it back", async () => {
  const page = await inReview();
  (await invite(page, stranger())).good();
  (await on(page, JONAS).approve()).good();
  const { status } = (await on(page, VIEWER).confirm()).good();
  assert.deepEqual([status.state.id, status.review.approvals[0].standing], ["in-review", "pending"]);
  (await on(page, JONAS).challenge()).refused(409, "already-decided");
  const [{ invitation }] = invited(status);
  (await revoke(page, invitation, VIEWER)).refused(403, "not-allowed");
  (await revoke(page, "f".repeat(32))).refused(410, "invitation-over");
  const done = (await revoke(page, invitation)).good().status;
  assert.equal(done.approved.version, 1);
  assert.equal(done.review, null);
  (await revoke(page, invitation)).refused(410, "invitation-over");
  const rows = await site().journal(`page/${page}`);
  assert.deepEqual(rows.slice(-2).map((row) => row.kind), ["invitation-revoked", "state-entered"]);
  assert.equal(rows.at(-2).at, rows.at(-1).at, "in the same batch");
  assert.equal((await newestInvitation(site(), page)).ended_at, rows.at(-2).at);
});

test("whoever invited is told what was answered", async () => {
  await lettingInvite(site());
  const { page, visitor } = await invitedTo(site(), OMAR, { title: "Told" });
  await visitor.come();
  (await visitor.abstain("Not mine to say.")).good();
  await site().drain();
  const mail = (await site().mailsTo(AUTHOR)).findLast((one) => one.text.includes("without an account"));
  assert.ok(mail?.subject.includes(OMAR.name) && mail.text.includes("Told"), mail?.text);
  const [row] = await journal(page, "abstained");
  assert.equal(row.entry.event.standing, "mailbox control, no account");
});

test("an edit ends every invitation to what is no longer under review", async () => {
  const page = await inReview();
  (await invite(page, stranger())).good();
  await site().edit(page);
  await site().deliver();
  await site().drain();
  assert.ok((await newestInvitation(site(), page)).ended_at > 0);
  assert.equal((await on(page, VIEWER).confirm()).good().status.review, null);
});

test("where the policy asks for a factor to invite, the challenge is for this very person and these attachments", async () => {
  const page = await inReview();
  const rules = [guard, rule("disclosure", { name: "Disclosure", actions: ["invite"] })];
  await plantPolicy(site(), (now) => ({ rules: [...now.rules.filter((one) => one.id !== "disclosure"), rules[1]] }));
  await site().as(AUTHOR).enrol();
  const { status } = (await on(page).confirm()).good();
  const body = { approval: "approvers", ...{ name: "Ada", address: stranger().email }, page_version: 1, seq: status.seq, attachments: [] };
  const { confirm } = (await on(page).call("/api/invite", body)).good();
  assert.equal(confirm.act, "invite");
  const confirmation = { challenge: confirm.challenge, code: await site().as(AUTHOR).code() };
  const other = { ...body, address: stranger().email, confirm: confirmation };
  (await on(page).call("/api/invite", other)).refused(422, "challenge-invalid");
  (await on(page).call("/api/invite", { ...body, confirm: confirmation })).good();
  (await on(page).call("/api/invite", { ...body, confirm: confirmation })).good();
  const rows = await journal(page, "invited");
  assert.equal(rows.length, 1, "pressed twice, invited once");
  assert.equal(rows[0].entry.event.proof.factor.kind, "totp");
  await plantPolicy(site(), (now) => ({ rules: now.rules.filter((one) => one.id !== "disclosure") }));
});

test("an admin sees whoever was invited, and erases them: what they were asked ends, and nothing says who they were", async () => {
  const page = await inReview("Erasing");
  const who = { name: "Berta Forgotten", email: "berta@forgotten.example" };
  (await invite(page, who)).good();
  await site().drain();
  (await site().as(VIEWER).from("approval-settings").call("/api/invited")).refused(403, "not-allowed");
  const find = async () => (await admin().call("/api/invited")).good().people.find((one) => one.person === person);
  const { person } = (await admin().call("/api/invited")).good().people[0];
  assert.deepEqual(
    (({ name, address, invitations, open, factor }) => [name, address, invitations, open, factor])(await find()),
    [who.name, who.email, 1, 1, false],
  );
  const request = { person, reason: "They asked for it." };
  (await site().as(AUTHOR).from("approval-settings").call("/api/invited/erase", request)).refused(403, "not-allowed");
  assert.equal((await admin().call("/api/invited/erase", { ...request, reason: " " })).refused(422, "bad-field").field, "reason");
  (await admin().call("/api/invited/erase", { ...request, person: JONAS.account })).refused(404, "not-found");
  const done = await changed(admin(), "/api/invited/erase", request);
  assert.equal(done.revoked, 1);
  await site().drain();
  const erased = await find();
  assert.deepEqual([erased.name, erased.address, erased.open, erased.erased_at], [undefined, undefined, 0, done.erased_at]);
  const { status } = (await on(page, VIEWER).confirm()).good();
  assert.deepEqual(invited(status).map((one) => [one.name, one.state]), [["(erased)", "revoked"]]);
  const shown = (await on(page, VIEWER).status()).good();
  assert.equal(shown.source, "copy");
  assert.ok(!JSON.stringify(shown).includes(who.name), "nor does the copy");
  for (const { name } of await site().sql("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite%'")) {
    const rows = JSON.stringify(await site().sql(`SELECT * FROM "${name}"`));
    for (const gone of [who.name, who.email]) assert.ok(!rows.includes(gone), `${name} still holds ${gone}`);
  }
  const facts = (await site().journal(`person-facts/${person}`)).map((row) => row.kind);
  assert.deepEqual(facts, ["invited-erased"]);
  (await invite(page, who)).good();
  assert.notEqual((await newestInvitation(site(), page)).person, person, "whoever is invited there later is somebody new");
});

test("Confluence is never asked about anybody who has no account", async () => {
  const asked = (await site().sandbox.calls()).filter((call) => JSON.stringify(call).includes("invited"));
  assert.deepEqual(asked, []);
});
