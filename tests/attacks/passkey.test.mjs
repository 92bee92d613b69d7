// Attacks on passkeys and on the Worker's own page. Each is named by what the attacker has and wants.
import assert from "node:assert/strict";
import { test } from "node:test";
import { AUTHOR, JONAS, OTHER_SITE, PRIYA, VIEWER } from "../support/identities.mjs";
import { Tab, enrolPasskey, make, openToSign, prove, secretOf } from "../support/hosted.mjs";
import { Authenticator, PRESENT, VERIFIED, challengeForUse } from "../support/passkey.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const device = new Authenticator();
const MINUTE = 60_000;

/** A version that waits for its review, and Jonas about to sign it. */
async function signing({ who = JONAS, comment } = {}) {
  await held.current.edit();
  (await held.current.as(AUTHOR).submit()).good();
  const person = held.current.as(who);
  const challenge = (await person.challenge()).good();
  return { person, challenge, ...(await openToSign(person, challenge, { comment })) };
}

const failures = async (who = JONAS) =>
  (await held.current.sql("SELECT failures FROM guess WHERE person = ?", who.account))[0]?.failures ?? 0;
const state = async (who = JONAS) =>
  (await held.current.sql("SELECT state FROM pending WHERE person = ? AND scope LIKE 'page/%'", who.account))[0]?.state;
const decisions = async () => (await held.current.journal()).filter((row) => row.kind === "decided").length;
const rows = async () => JSON.stringify(await Promise.all(
  ["pending", "consumed", "enrolment", "factor", "guess"].map((table) => held.current.sql(`SELECT * FROM ${table} ORDER BY 1, 2, 3`)),
));

test("everything is set up", async () => {
  await enrolPasskey(held.current.as(JONAS), { device });
});

// ── The assertion ─────────────────────────────────────────────────────────────────────────────────────────────────

const forgeries = {
  "an assertion given to a look-alike address": (options) => device.get(options.challenge, { origin: "http://localhost:8787.evil.example" }),
  "an assertion given to another port of this host": (options) => device.get(options.challenge, { origin: "http://localhost:8788" }),
  "an assertion for another RP id": (options) => device.get(options.challenge, { rpId: "evil.example" }),
  "an assertion made inside somebody else's page": (options) => device.get(options.challenge, { more: { crossOrigin: true } }),
  "an assertion without a PIN, finger or face": (options) => device.get(options.challenge, { flags: PRESENT }),
  "an assertion nobody touched the key for": (options) => device.get(options.challenge, { flags: VERIFIED }),
  "an assertion signed by another key under this passkey's name": (options) => device.get(options.challenge, { by: new Authenticator() }),
  "an assertion of a passkey that was never set up": (options) => new Authenticator().get(options.challenge),
  "a registration in place of an assertion": (options) => device.get(options.challenge, { type: "webauthn.create" }),
  "an assertion for another challenge": () => device.get(challengeForUse("another token")),
  "a signature of another assertion": (options) => ({ ...device.get(options.challenge), signature: device.get(options.challenge).signature }),
};
for (const [name, forge] of Object.entries(forgeries)) {
  test(`${name} confirms nothing, and counts as a wrong code`, async () => {
    const { tab, task } = await signing();
    const [before, decided] = [await failures(), await decisions()];
    const refusal = (await tab.assert(forge(task.options))).refused(422, "passkey-refused");
    assert.match(refusal.detail, /Nothing was confirmed/);
    assert.equal(await failures(), before + 1);
    assert.equal(await decisions(), decided);
    assert.equal(await state(), "waiting");
    // The owner goes on with the real one, which makes good again.
    assert.equal((await tab.assert(device.get(task.options.challenge))).good().is, "done");
    assert.equal(await failures(), 0);
  });
}

test("a copied passkey, whose counter went back, is found out", async () => {
  const { tab, task } = await signing();
  const old = device.get(task.options.challenge, { counter: 1 });
  (await tab.assert(old)).refused(422, "passkey-refused");
  const facts = await held.current.journal(`person-facts/${JONAS.account}`);
  assert.equal(facts.findLast((row) => row.kind === "attempt-failed").entry.event.reason, "counter");
  const still = (await held.current.sql("SELECT last_step FROM factor WHERE person = ?", JONAS.account))[0].last_step;
  (await tab.assert(device.get(task.options.challenge, { counter: still }))).refused(422, "passkey-refused");
  (await tab.assert(device.get(task.options.challenge))).good();
});

test("the counter is kept also where what was confirmed could not be carried out", async () => {
  const { tab, task } = await signing();
  const kept = async () => (await held.current.sql("SELECT last_step FROM factor WHERE person = ?", JONAS.account))[0].last_step;
  const [before, decided] = [await kept(), await decisions()];
  await held.current.edit();
  await tab.assert(device.get(task.options.challenge));
  assert.equal(await decisions(), decided, "the page has moved");
  assert.ok((await kept()) > before, "used is used");
});

test("an assertion replayed, in the same visit or for another challenge, confirms nothing more", async () => {
  const first = await signing();
  const assertion = device.get(first.task.options.challenge);
  (await first.tab.assert(assertion)).good();
  const decided = await decisions();
  // The same again is answered with what is recorded; nothing is written.
  (await first.tab.assert(assertion)).good();
  assert.equal(await decisions(), decided);
  const second = await signing();
  (await second.tab.assert(assertion)).refused(422, "passkey-refused");
  assert.equal(await decisions(), decided);
  assert.equal(await state(), "waiting");
});

test("one assertion sent fifty times at once decides once", async () => {
  const { tab, task } = await signing();
  const before = await decisions();
  const assertion = device.get(task.options.challenge);
  const answers = await Promise.all(Array.from({ length: 50 }, () => tab.assert(assertion)));
  assert.ok((await decisions()) <= before + 1);
  assert.ok(answers.every((answer) => [200, 409, 422, 429, 410, 503].includes(answer.status)), answers.map((answer) => answer.status).join());
  await held.current.sql("UPDATE guess SET failures = 0, locked_until = 0");
  // The forty-nine others count as guesses, and may have locked Jonas before his verdict was written. It is proved all the
  // same: after the pause it is carried out, once.
  assert.equal((await tab.task()).good().is, "done");
  assert.equal(await decisions(), before + 1);
});

test("another person's passkey does not confirm this person's challenge", async () => {
  const priyas = new Authenticator();
  await enrolPasskey(held.current.as(PRIYA), { device: priyas });
  const { tab, task } = await signing();
  (await tab.assert(priyas.get(task.options.challenge))).refused(422, "passkey-refused");
  const sent = priyas.get(task.options.challenge, { credential: device.credential });
  (await tab.assert(sent)).refused(422, "passkey-refused");
  await held.current.sql("UPDATE guess SET failures = 0, locked_until = 0");
});

test("guessing with passkeys meets the same limit as guessing codes", async () => {
  const { tab, task, person, challenge } = await signing();
  let last;
  for (let round = 0; round < 5; round += 1) last = await tab.assert(new Authenticator().get(task.options.challenge));
  assert.ok(last.body.lock, last.text);
  (await tab.assert(device.get(task.options.challenge))).refused(429, "locked");
  const again = { challenge: challenge.challenge, decision: "approve", page_version: challenge.shown.version };
  (await person.call("/api/passkey/sign", again)).refused(429, "locked");
  await held.current.advance(2 * MINUTE);
  (await tab.assert(device.get(task.options.challenge))).good();
});

test("a proved challenge confirms only its own decision, of its own person", async () => {
  const { person, challenge, tab, task } = await signing();
  const other = (await person.challenge("reject")).good();
  await held.current.sql(
    "UPDATE pending SET state = 'proved', step = 1, factor = (SELECT id FROM factor WHERE person = ?1 AND kind = 'passkey') WHERE person = ?1",
    JONAS.account,
  );
  const before = await decisions();
  const asked = await person.decide(other, { comment: "No." });
  assert.equal(asked.status, 422, asked.text);
  (await held.current.as(PRIYA).decide(challenge)).refused(422, "challenge-invalid");
  assert.equal(await decisions(), before);
  assert.equal((await tab.task()).good().is, "done");
  assert.equal(await decisions(), before + 1);
  void task;
});

test("a challenge that ended is not confirmed any more", async () => {
  const { tab, task } = await signing();
  await held.current.advance(6 * MINUTE);
  (await tab.assert(device.get(task.options.challenge))).refused(410, "link-over");
  (await tab.task()).refused(410, "link-over");
});

test("a challenge of another person, page or site gets no page to sign on", async () => {
  const { challenge } = await signing();
  const body = { challenge: challenge.challenge, decision: "approve", page_version: challenge.shown.version };
  (await held.current.as(PRIYA).call("/api/passkey/sign", body)).refused(422, "challenge-invalid");
  (await held.current.as(JONAS).on("98306").call("/api/passkey/sign", body)).refused(422, "challenge-invalid");
  (await held.current.as(JONAS).call("/api/passkey/sign", { ...body, decision: "reject" })).refused(422, "challenge-invalid");
  (await held.current.as(JONAS).call("/api/passkey/sign", { ...body, page_version: 1 })).refused(422, "challenge-invalid");
  const elsewhere = await held.current.as(JONAS).at(OTHER_SITE).call("/api/passkey/sign", body);
  assert.notEqual(elsewhere.status, 200, elsewhere.text);
  (await held.current.as(JONAS).call("/api/passkey/proved", { challenge: `${challenge.challenge}A` })).refused(422, "challenge-invalid");
});

// ── Links and visits ──────────────────────────────────────────────────────────────────────────────────────────────

test("a mail scanner that follows the link, by any method, changes nothing", async () => {
  const jonas = held.current.as(JONAS);
  await held.current.edit();
  (await held.current.as(AUTHOR).submit()).good();
  const challenge = (await jonas.challenge()).good();
  const body = { challenge: challenge.challenge, decision: "approve", page_version: challenge.shown.version };
  const { url } = (await jonas.call("/api/passkey/sign", body)).good();
  const secret = secretOf(url);
  const before = await rows();
  for (const method of ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]) {
    for (const path of ["/hosted", `/hosted?link=${secret}`, "/api/hosted/open", `/api/hosted/open?link=${secret}`]) {
      const answer = await held.current.worker.fetch(path, { method });
      assert.equal(answer.headers.get("set-cookie"), null, `${method} ${path}`);
      assert.equal(answer.headers.get("access-control-allow-origin"), null);
      await answer.arrayBuffer();
    }
  }
  assert.equal(await rows(), before);
  (await new Tab(held.current).open(url)).good();
});

test("a link works once, and for nobody who has not used it", async () => {
  const { tab, url } = await signing();
  const thief = new Tab(held.current);
  (await thief.open(url)).refused(410, "link-over");
  assert.equal(thief.cookie, null);
  // The same visit may press twice.
  assert.equal((await tab.open(url)).good().is, "sign");
});

test("two who press the same link at the same moment: one gets in", async () => {
  const jonas = held.current.as(JONAS);
  await held.current.edit();
  (await held.current.as(AUTHOR).submit()).good();
  const challenge = (await jonas.challenge()).good();
  const body = { challenge: challenge.challenge, decision: "approve", page_version: challenge.shown.version };
  const { url } = (await jonas.call("/api/passkey/sign", body)).good();
  const tabs = Array.from({ length: 10 }, () => new Tab(held.current));
  const answers = await Promise.all(tabs.map((tab) => tab.open(url)));
  assert.equal(answers.filter((answer) => answer.status === 200).length, 1);
  assert.equal(tabs.filter((tab) => tab.cookie).length, 1);
});

test("a link that is old, changed, or no link opens nothing", async () => {
  const { person, challenge, tab, url } = await signing();
  const secret = secretOf(url);
  const open = (link) => new Tab(held.current).post("/api/hosted/open", { link });
  for (const link of ["", "x", `${secret}A`, secret.slice(0, -1), challenge.challenge, tab.cookie, "A".repeat(9000)]) {
    (await open(link)).refused(410, "link-over");
  }
  const flipped = Buffer.from(secret, "base64url");
  flipped[40] ^= 1;
  (await open(flipped.toString("base64url"))).refused(410, "link-over");
  const body = { challenge: challenge.challenge, decision: "approve", page_version: challenge.shown.version };
  const fresh = (await person.call("/api/passkey/sign", body)).good();
  await held.current.advance(16 * MINUTE);
  (await new Tab(held.current).open(fresh.url)).refused(410, "link-over");
});

test("a cookie is good for its own errand, person and time", async () => {
  const { tab, task } = await signing();
  // A visit to sign with cannot register a passkey.
  const registration = new Authenticator().create(task.options.challenge);
  (await tab.register(registration)).refused(410, "link-over");
  // The visit of another link does not confirm this one's challenge.
  const other = await signing({ who: PRIYA });
  const sent = device.get(task.options.challenge);
  const before = await decisions();
  const refused = await other.tab.assert(sent);
  assert.notEqual(refused.status, 200, refused.text);
  assert.equal(await decisions(), before);
  // Changed, cut, doubled, of another name, or none.
  const good = tab.cookie;
  for (const cookie of [`${good}A`, good.slice(0, -2), secretOf(other.url), ""]) {
    tab.cookie = cookie;
    (await tab.task()).refused(410, "link-over");
  }
  tab.cookie = null;
  (await tab.task()).refused(410, "link-over");
  (await tab.task({ headers: { cookie: `__Host-countersign=${good}; __Host-countersign=${good}` } })).refused(410, "link-over");
  (await tab.task({ headers: { cookie: `countersign=${good}` } })).refused(410, "link-over");
  await held.current.sql("UPDATE guess SET failures = 0, locked_until = 0");
});

test("the cookie is nothing a script, another host or another site's page can use", async () => {
  const jonas = held.current.as(JONAS);
  await prove(held.current.as(VIEWER));
  const { url } = (await held.current.as(VIEWER).call("/api/passkey/make")).good();
  const answer = await new Tab(held.current).open(url);
  const set = answer.headers.get("set-cookie");
  for (const word of ["__Host-countersign=", "Path=/", "Secure", "HttpOnly", "SameSite=Strict", "Max-Age=1800"]) assert.ok(set.includes(word), set);
  assert.doesNotMatch(set, /domain/i);
  void jonas;
});

test("a page of another origin cannot send requests with the cookie", async () => {
  const { tab, task } = await signing();
  const before = await rows();
  const assertion = device.get(task.options.challenge);
  for (const headers of [
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: null },
    { origin: "http://localhost:8788" },
    { origin: "https://localhost:8787" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { "content-type": "text/plain" },
    { "content-type": "application/x-www-form-urlencoded" },
    { "content-type": null },
  ]) {
    (await tab.assert(assertion, { headers })).refused(403, "wrong-route");
    (await tab.task({ headers })).refused(403, "wrong-route");
  }
  assert.equal(await rows(), before);
  (await tab.assert(assertion)).good();
});

test("the cookie opens nothing inside Confluence, and Confluence's token nothing on our own page", async () => {
  const { tab } = await signing();
  const cookie = `__Host-countersign=${tab.cookie}`;
  for (const route of ["/api/status", "/api/decision", "/api/passkey/make", "/api/settings/overview", "/forge/events"]) {
    const answer = await held.current.worker.fetch(route, { method: "POST", headers: { cookie, "content-type": "application/json" }, body: "{}" });
    assert.equal(answer.status, 401, route);
    await answer.arrayBuffer();
  }
  for (const route of ["/api/hosted/open", "/api/hosted/task", "/api/hosted/register", "/api/hosted/assert"]) {
    const bare = await held.current.as(JONAS).call(route, {});
    bare.refused(403, "wrong-route");
    const dressed = await held.current.as(JONAS).call(route, { link: "x" }, { headers: { origin: "http://localhost:8787" } });
    assert.ok([410, 422].includes(dressed.status), dressed.text);
  }
});

test("junk on every route of our own page is a typed refusal", async () => {
  const { tab } = await signing();
  for (const route of ["open", "task", "register", "assert"]) {
    for (const raw of ["", "{", "[]", "null", "1", '{"link":1}', '{"assertion":{}}', '{"registration":{"client_data":"","attestation":""}}', '{"assertion":{"credential":"","client_data":"","authenticator_data":"","signature":""}}', "x".repeat(70_000)]) {
      const answer = await tab.post(`/api/hosted/${route}`, {}, { raw });
      assert.ok(answer.status === 200 || answer.body?.type?.startsWith("urn:countersign:problem:"), `${route} ${raw.slice(0, 40)}: ${answer.text}`);
      assert.notEqual(answer.status, 500, `${route} ${raw.slice(0, 40)}: ${answer.text}`);
    }
  }
  await held.current.sql("UPDATE guess SET failures = 0, locked_until = 0");
});

// ── Registration ──────────────────────────────────────────────────────────────────────────────────────────────────

const registrations = {
  "for another address": { origin: "http://localhost:8787.evil.example" },
  "for another RP id": { rpId: "evil.example" },
  "inside somebody else's page": { more: { crossOrigin: true } },
  "without a PIN, finger or face": { flags: PRESENT },
  "without a key": { bare: true },
  "as an assertion": { type: "webauthn.get" },
  "with a key off the curve": { curve: 2 },
  "with another algorithm": { algorithm: -257 },
};
for (const [name, wrong] of Object.entries(registrations)) {
  test(`a passkey made ${name} is not kept`, async () => {
    const tom = held.current.as(VIEWER);
    await held.current.advance(61 * MINUTE);
    await prove(tom);
    const { url } = (await tom.call("/api/passkey/make")).good();
    const tab = new Tab(held.current);
    const { options } = (await tab.open(url)).good();
    (await tab.register(new Authenticator().create(options.challenge, wrong))).refused(422, "passkey-refused");
    assert.equal((await tom.call("/api/passkey/made")).good().is, "waiting");
  });
}

test("a passkey made by whoever stole the link counts for nothing, and cannot be swapped in later", async () => {
  const tom = held.current.as(VIEWER);
  await held.current.advance(61 * MINUTE);
  await prove(tom);
  // The thief is faster.
  const theirs = new Authenticator();
  const { check } = await make(tom, theirs);
  // Tom's own attempt finds the set-up taken and shows digits he did not see made.
  const { url } = (await tom.call("/api/passkey/make")).body;
  assert.equal(url, undefined, "there is no second passkey in one set-up");
  assert.equal((await tom.call("/api/passkey/made")).good().check, check);
  // Nobody else can confirm it.
  (await held.current.as(PRIYA).confirmEnrolment("")).body;
  assert.equal((await held.current.sql("SELECT COUNT(*) AS n FROM factor WHERE person = ?", VIEWER.account))[0].n, 0);
  const others = await held.current.sql("SELECT COUNT(*) AS n FROM factor WHERE person = ?", PRIYA.account);
  assert.equal(others[0].n, 1, "Priya's own only");
  // Tom begins anew: what the thief made is gone.
  await held.current.advance(61 * MINUTE);
  await prove(tom);
  assert.equal((await tom.call("/api/passkey/made")).good().is, "waiting");
});

test("a visit to a set-up that was begun anew registers nothing", async () => {
  const tom = held.current.as(VIEWER);
  await held.current.advance(61 * MINUTE);
  await prove(tom);
  const { url } = (await tom.call("/api/passkey/make")).good();
  const tab = new Tab(held.current);
  const { options } = (await tab.open(url)).good();
  await prove(tom);
  const refused = await tab.register(new Authenticator().create(options.challenge));
  assert.ok([410].includes(refused.status), refused.text);
  assert.equal((await tom.call("/api/passkey/made")).good().is, "waiting");
});
