// Passkeys: made and used on the Worker's own page, counted only where the same person says so inside Confluence.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ADMIN, AUTHOR, GUEST, JONAS, POLICY_PAGE, PRIYA, REVIEWERS } from "../support/identities.mjs";
import { Tab, enrolPasskey, make, openToSign, prove } from "../support/hosted.mjs";
import { Authenticator, HOSTED_ORIGIN, RP_ID, challengeForUse } from "../support/passkey.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const device = new Authenticator();
const pending = (who) => held.current.sql("SELECT * FROM pending WHERE person = ?", who.account);

/** A new version that waits for its review. */
async function review() {
  await held.current.edit();
  (await held.current.as(AUTHOR).submit()).good();
}

test("making one needs a set-up in which the person was proved", async () => {
  const jonas = held.current.as(JONAS);
  (await jonas.call("/api/passkey/make")).refused(410, "enrolment-expired");
  (await jonas.call("/api/enrolment/begin", { factor_kind: "passkey" })).good();
  (await jonas.call("/api/passkey/make")).refused(410, "enrolment-expired");
  assert.equal((await jonas.call("/api/passkey/made")).good().is, "over");
});

test("a passkey is made on our own page and counts once it is confirmed in the macro", async () => {
  const jonas = held.current.as(JONAS);
  const proved = await prove(jonas, { name: "Blue key" });
  assert.ok(proved.enrolment, "nothing secret is shown for a passkey");
  assert.equal((await jonas.call("/api/passkey/made")).good().is, "waiting");
  const { check, options, url } = await make(jonas, device);
  assert.ok(url.startsWith(`${HOSTED_ORIGIN}/hosted#`), "the secret is in the fragment");
  assert.equal(options.rp_id, RP_ID);
  assert.equal(options.user_name, JONAS.name);
  assert.doesNotMatch(Buffer.from(options.user_id, "base64url").toString("latin1"), /712020/, "the id says nothing");
  assert.equal((await held.current.sql("SELECT COUNT(*) AS n FROM factor WHERE person = ?", JONAS.account))[0].n, 0);
  (await held.current.as(JONAS).challenge()).body; // nothing counts yet
  const told = (await jonas.call("/api/passkey/made")).good();
  assert.deepEqual({ is: told.is, check: told.check, synchronised: told.synchronised }, { is: "made", check, synchronised: false });
  const kept = (await jonas.confirmEnrolment("")).good();
  const [entry] = (await held.current.journal(`factors/${JONAS.account}`)).filter((row) => row.kind === "factor-enrolled");
  assert.equal(entry.entry.event.factor, kept.factor);
  assert.equal(entry.entry.event.factor_kind, "passkey");
  const [row] = await held.current.sql("SELECT * FROM factor WHERE person = ?", JONAS.account);
  assert.deepEqual([row.kind, row.last_step], ["passkey", 1]);
  assert.ok(!row.secret.includes(device.credential), "the key is sealed");
  await held.current.drain();
  assert.ok((await held.current.mailsTo(JONAS)).some((mail) => /passkey/i.test(mail.subject + mail.text)), "the owner is told");
});

test("a verdict: the page shows the same record, the passkey signs its token, and the verdict is recorded", async () => {
  await review();
  const jonas = held.current.as(JONAS);
  const challenge = (await jonas.challenge()).good();
  assert.ok(challenge.how.factors.includes("passkey"), JSON.stringify(challenge.how));
  const { tab, task } = await openToSign(jonas, challenge, { comment: "Read it twice." });
  assert.equal(task.is, "sign");
  assert.deepEqual(task.shown, challenge.shown, "the same record");
  assert.equal(task.comment, "Read it twice.");
  assert.equal(task.options.challenge, challengeForUse(challenge.challenge), "the very token is signed");
  assert.deepEqual(task.options.allow, [device.credential]);
  assert.equal((await jonas.call("/api/passkey/proved", { challenge: challenge.challenge })).good().is, "waiting");
  const done = (await tab.assert(device.get(task.options.challenge))).good();
  assert.equal(done.is, "done");
  assert.match(done.sentence, /approved version \d+/);
  assert.equal((await jonas.call("/api/passkey/proved", { challenge: challenge.challenge })).good().is, "recorded");
  const decided = (await held.current.journal()).findLast((row) => row.kind === "decided").entry.event;
  assert.equal(decided.by.account, JONAS.account);
  assert.deepEqual(decided.proof.factor, { factor: decided.proof.factor.factor, kind: "passkey", step: 2 });
  const [row] = await held.current.sql("SELECT last_step FROM factor WHERE person = ?", JONAS.account);
  assert.equal(row.last_step, 2, "the counter is kept");
  // The macro asks for the result by the ordinary route.
  const repeated = (await jonas.decide(challenge)).good();
  assert.equal(repeated.repeated, true);
});

test("pressing twice and reloading after all is done changes nothing", async () => {
  await review();
  const jonas = held.current.as(JONAS);
  const challenge = (await jonas.challenge()).good();
  const { tab, task } = await openToSign(jonas, challenge);
  const answers = await Promise.all([0, 1, 2].map(() => tab.assert(device.get(task.options.challenge))));
  assert.ok(answers.some((answer) => answer.status === 200), answers.map((answer) => answer.text).join("\n"));
  const before = await held.current.entries();
  assert.equal((await tab.task()).good().is, "done");
  assert.equal((await tab.assert(device.get(task.options.challenge))).good().is, "done");
  assert.equal(await held.current.entries(), before);
  const decided = (await held.current.journal()).filter((row) => row.kind === "decided" && row.entry.event.version === task.shown.version);
  assert.equal(decided.length, 1);
});

test("Confluence being out of reach loses nothing: the passkey is not asked for again", async () => {
  await review();
  const jonas = held.current.as(JONAS);
  const challenge = (await jonas.challenge()).good();
  const { tab, task } = await openToSign(jonas, challenge, { comment: "Kept." });
  // What was asked a moment ago is not remembered any more, so Confluence has to be asked.
  await held.current.advance(61_000);
  await held.current.sandbox.fault({ method: "*", path: "/wiki", kind: "status", status: 503 });
  (await tab.assert(device.get(task.options.challenge))).refused(503, "confluence-unavailable");
  assert.equal((await pending(JONAS))[0].state, "proved");
  assert.equal((await jonas.call("/api/passkey/proved", { challenge: challenge.challenge })).good().is, "proved");
  await held.current.sandbox.clearFaults();
  // A reload of the page, or the macro's own request, goes on from there.
  assert.equal((await tab.task()).good().is, "done");
  assert.equal((await pending(JONAS))[0].state, "used");
  const decided = (await held.current.journal()).findLast((row) => row.kind === "decided").entry.event;
  assert.equal(decided.version, task.shown.version);
  assert.ok(decided.comment, "with what was typed before");
});

test("the page has changed meanwhile: nothing is signed", async () => {
  await review();
  const jonas = held.current.as(JONAS);
  const challenge = (await jonas.challenge()).good();
  const { tab, task } = await openToSign(jonas, challenge);
  // Confluence has not told us of it yet.
  await held.current.sandbox.edit(POLICY_PAGE);
  (await tab.task()).refused(409, "page-moved");
  (await tab.assert(device.get(task.options.challenge))).refused(409, "page-moved");
  (await jonas.decide(challenge)).refused(409, "page-moved");
  await held.current.deliver();
});

test("a guest makes a passkey too: they have no token in Confluence, and need none here", async () => {
  const { device: own, factor } = await enrolPasskey(held.current.as(GUEST));
  assert.ok(factor.length > 10);
  const reviewers = (...members) => held.current.sandbox.putGroup({ id: REVIEWERS, name: "Policy approvers", members: members.map((who) => who.account) });
  await reviewers(JONAS, PRIYA, ADMIN, GUEST);
  await held.current.advance(61_000);
  await review();
  const guest = held.current.as(GUEST);
  const { tab, task } = await openToSign(guest, (await guest.challenge()).good(), { comment: "From outside." });
  // Whether they may see the page is asked as the app, and now: nobody brings a token here.
  await held.current.sandbox.fault({ method: "POST", path: `/wiki/rest/api/content/${POLICY_PAGE}/permission`, kind: "status", status: 403 });
  await held.current.advance(61_000);
  (await tab.assert(own.get(task.options.challenge))).refused(503, "confluence-unavailable");
  assert.equal((await held.current.journal()).filter((row) => row.entry.actor.account === GUEST.account && row.kind === "decided").length, 0);
  await held.current.sandbox.clearFaults();
  await held.current.advance(61_000);
  assert.equal((await tab.task()).good().is, "done");
  const { entry } = (await held.current.journal()).findLast((row) => row.kind === "decided");
  const { proof } = entry.event;
  assert.deepEqual([entry.actor.account, proof.factor.kind, proof.factor.factor], [GUEST.account, "passkey", factor]);
  await reviewers(JONAS, PRIYA, ADMIN);
  await held.current.advance(61_000);
});

test("an admin's change is confirmed by a receipt: the page only proves it, the request carries it out", async () => {
  const sam = held.current.as(ADMIN).from("approval-settings");
  const admins = new Authenticator();
  await enrolPasskey(sam, { device: admins });
  const list = (await sam.call("/api/settings/assignments")).good();
  const request = { based_on: list.version, rules: list.rules };
  const asked = (await sam.call("/api/settings/assign", request)).good();
  const { challenge, sentence } = asked.confirm;
  (await sam.call("/api/settings/assign", { ...request, confirm: { challenge } })).refused(422, "bad-field");
  const { url } = (await sam.call("/api/passkey/prove", { challenge })).good();
  const tab = new Tab(held.current);
  const task = (await tab.open(url)).good();
  assert.deepEqual([task.is, task.sentence], ["prove", sentence]);
  const entries = await held.current.entries();
  assert.equal((await tab.assert(admins.get(task.options.challenge))).good().is, "done");
  assert.equal(await held.current.entries(), entries, "nothing is carried out by the page");
  assert.equal((await sam.call("/api/passkey/proved", { challenge })).good().is, "proved");
  // Not for another change, …
  (await sam.call("/api/settings/assign", { ...request, space_admins: true, confirm: { challenge } })).refused(422, "challenge-invalid");
  // … but for this one, once.
  (await sam.call("/api/settings/assign", { ...request, confirm: { challenge } })).good();
  const fact = (await held.current.journal(`person-facts/${ADMIN.account}`)).findLast((row) => row.kind === "change-confirmed");
  assert.equal(fact.entry.event.proof.factor.kind, "passkey");
  assert.equal((await held.current.sql("SELECT state FROM pending WHERE person = ?", ADMIN.account))[0].state, "used");
  const after = await held.current.entries();
  await sam.call("/api/settings/assign", { ...request, confirm: { challenge } });
  assert.equal(await held.current.entries(), after, "a receipt is used once");
});

test("a passkey that does not count stays usable", async () => {
  const priya = held.current.as(PRIYA);
  const synced = new Authenticator({ counts: false });
  await enrolPasskey(priya, { device: synced });
  for (let round = 0; round < 2; round += 1) {
    await review();
    const challenge = (await priya.challenge()).good();
    const { tab, task } = await openToSign(priya, challenge);
    assert.equal((await tab.assert(synced.get(task.options.challenge))).good().is, "done");
  }
  const [row] = await held.current.sql("SELECT last_step FROM factor WHERE person = ?", PRIYA.account);
  assert.equal(row.last_step, 0);
});

test("the page comes with its policy and nothing else does", async () => {
  const get = (path, init) => held.current.worker.fetch(path, init);
  const page = await get("/hosted");
  assert.equal(page.status, 200, "built by cargo xtask build");
  const policy = page.headers.get("content-security-policy");
  for (const rule of ["default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"]) {
    assert.ok(policy.includes(rule), policy);
  }
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|\*/);
  assert.equal(page.headers.get("referrer-policy"), "no-referrer");
  assert.equal(page.headers.get("cache-control"), "no-store");
  assert.equal(page.headers.get("x-content-type-options"), "nosniff");
  const html = await page.text();
  assert.doesNotMatch(html, /<script(?![^>]*src=)[^>]*>|style=|\son\w+=/, "nothing inline");
  const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((found) => found[1]).filter((file) => !file.startsWith("data:"));
  assert.ok(files.length >= 3, html);
  for (const file of files) {
    assert.ok(file.startsWith("/hosted/"), file);
    assert.equal((await get(file)).status, 200, file);
  }
  assert.equal((await get("/hosted/hosted_bg.wasm")).headers.get("content-type"), "application/wasm");
  for (const nothing of ["/hosted/", "/hosted/nothing.js", "/hosted/..%2findex.html", "/index.html", "/hosted/a/b.js", "/_headers"]) {
    assert.equal((await get(nothing)).status, 404, nothing);
  }
  assert.equal((await get("/hosted", { method: "POST" })).status, 405);
  assert.equal((await get("/hosted", { method: "HEAD" })).status, 200);
});

test("nothing secret of it is logged", async () => {
  assert.ok(!held.current.worker.log.includes(device.credential));
  assert.ok(!held.current.worker.log.includes("__Host-countersign"));
});

