// Care for other people's factors as a lever: by somebody who is no admin, without a factor, without a reason, on oneself, on
// another site, with a confirmation for something else, twice, too late, fifty at once.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ADMIN, AUTHOR, GUEST, JONAS, OTHER_SITE, PRIYA, SITE, SPACE_ADMIN } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const DAY = 24 * 3600_000;
const REASON = "He called.";
const route = (what) => `/api/settings/insights/${what}`;
const admin = () => held.current.as(ADMIN).from("approval-settings");
const bodies = (who = JONAS) => ({
  revoke: { account: who.account, reason: REASON },
  life: { account: who.account, until: held.current.now() + 9 * DAY, reason: REASON },
  unlock: { account: who.account, reason: REASON },
});
const ask = async (what, body) => (await admin().call(route(what), body)).good().confirm;
const confirmed = async (body, { challenge }) => ({ ...body, confirm: { challenge, code: await held.current.as(ADMIN).code() } });

/** Everything that care could change. */
const state = async () =>
  JSON.stringify([
    await held.current.sql("SELECT person, id, active, expires_at, secret FROM factor ORDER BY person, id"),
    await held.current.sql("SELECT person, failures, held FROM guess WHERE person <> ? ORDER BY person", ADMIN.account),
    await held.current.sql("SELECT COUNT(*) AS n FROM journal WHERE kind IN ('factor-revoked', 'factor-life-set', 'unlocked')"),
    await held.current.sql("SELECT COUNT(*) AS n FROM outbox WHERE effect LIKE '%mail-owner%'"),
  ]);

/** Does something that must change nothing. */
async function nothing(attempt) {
  const before = await state();
  await attempt();
  assert.equal(await state(), before);
}

before(async () => {
  const site = held.current;
  await site.install(OTHER_SITE);
  await site.as(JONAS).enrol();
  await site.as(PRIYA).enrol();
  await site.as(ADMIN).from("approval-settings").enrol();
  await site.sql("INSERT OR REPLACE INTO guess (site, person, failures, locked_until, held) VALUES (?, ?, 50, 0, 0)", SITE.key, JONAS.account);
});

test("whoever is no Confluence admin cares for nobody, with an admin's token in the request or without", () =>
  nothing(async () => {
    const site = held.current;
    const stolen = { headers: { "x-forge-oauth-user": await site.sandbox.userToken(ADMIN.account) } };
    for (const who of [AUTHOR, SPACE_ADMIN, GUEST, PRIYA]) {
      for (const [what, body] of Object.entries(bodies())) {
        (await site.as(who).from("approval-settings").call(route(what), body)).refused(403, "not-allowed");
      }
    }
    for (const [what, body] of Object.entries(bodies())) {
      // A "no" is remembered for a moment, and never for this.
      (await site.as(PRIYA).from("approval-settings").call(route(what), body, stolen)).refused(403, "not-allowed");
    }
  }));

test("no module but the settings reaches it", () =>
  nothing(async () => {
    for (const module of ["approval-macro", "approval-byline", "approval-space"]) {
      for (const [what, body] of Object.entries(bodies())) {
        (await held.current.as(ADMIN).from(module).call(route(what), body)).refused(403, "wrong-route");
      }
    }
  }));

test("an admin's session without their factor is not enough", () =>
  nothing(async () => {
    for (const [what, body] of Object.entries(bodies())) {
      const { challenge, code_required } = await ask(what, body);
      assert.equal(code_required, true, what);
      (await admin().call(route(what), { ...body, confirm: { challenge, code: "" } })).refused(422, "bad-field");
      (await admin().call(route(what), { ...body, confirm: { challenge: "", code: await admin().code() } })).refused(422, "challenge-invalid");
    }
  }));

test("without a reason nothing is done, whatever passes for one", () =>
  nothing(async () => {
    for (const [what, body] of Object.entries(bodies())) {
      for (const reason of ["", "  ", "\n\t", "\u00a0\u3000"]) {
        const problem = (await admin().call(route(what), { ...body, reason })).refused(422, "bad-field");
        assert.equal(problem.field, "reason", what);
      }
      (await admin().call(route(what), { ...body, reason: "x".repeat(100_000) })).refused(413, "too-large");
    }
  }));

test("nobody cares for themselves: a lock that its owner opens is none", () =>
  nothing(async () => {
    const site = held.current;
    await site.sql("INSERT OR REPLACE INTO guess (site, person, failures, locked_until, held) VALUES (?, ?, 50, 0, 1)", SITE.key, ADMIN.account);
    for (const [what, body] of Object.entries(bodies(ADMIN))) (await admin().call(route(what), body)).refused(403, "excluded");
    // And a locked admin cares for nobody else either.
    for (const [what, body] of Object.entries(bodies())) (await admin().call(route(what), body)).refused(429, "locked");
    await site.sql("DELETE FROM guess WHERE person = ?", ADMIN.account);
  }));

test("a person of another site is not there", () =>
  nothing(async () => {
    const there = held.current.as(ADMIN).at(OTHER_SITE).from("approval-settings");
    for (const [what, body] of Object.entries(bodies())) (await there.call(route(what), body)).refused(404, "not-found");
  }));

test("a confirmation is for one person, one act, one reason, one day, one factor and one site", () =>
  nothing(async () => {
    const site = held.current;
    const [{ id }] = await site.sql("SELECT id FROM factor WHERE person = ? AND active = 1", JONAS.account);
    const all = bodies();
    const others = {
      revoke: [{ ...all.revoke, account: PRIYA.account }, { ...all.revoke, reason: "Another." }, { ...all.revoke, factor: id }],
      life: [{ ...all.life, account: PRIYA.account }, { ...all.life, until: all.life.until + 1 }, { ...all.life, factor: id }],
      unlock: [{ ...all.unlock, reason: "Another." }, { ...all.unlock, account: PRIYA.account }],
    };
    for (const [what, changed] of Object.entries(others)) {
      const { challenge } = await ask(what, all[what]);
      const confirm = { challenge, code: await admin().code() };
      for (const body of changed) (await admin().call(route(what), { ...body, confirm })).refused(422, "challenge-invalid");
      for (const other of Object.keys(others).filter((one) => one !== what)) {
        (await admin().call(route(other), { ...all[other], confirm })).refused(422, "challenge-invalid");
      }
      const there = site.as(ADMIN).at(OTHER_SITE).from("approval-settings");
      (await there.call(route(what), { ...all[what], confirm })).refused(422, "challenge-invalid");
    }
  }));

test("any changed character makes a confirmation worthless, and a decision's challenge is none", () =>
  nothing(async () => {
    const site = held.current;
    const body = bodies().revoke;
    const { challenge } = await ask("revoke", body);
    const code = await admin().code();
    for (let at = 0; at < challenge.length; at += 17) {
      const forged = challenge.slice(0, at) + (challenge[at] === "A" ? "B" : "A") + challenge.slice(at + 1);
      (await admin().call(route("revoke"), { ...body, confirm: { challenge: forged, code } })).refused(422, "challenge-invalid");
    }
    (await site.as(AUTHOR).submit()).good();
    const decision = (await site.as(PRIYA).challenge()).good().challenge;
    (await admin().call(route("revoke"), { ...body, confirm: { challenge: decision, code } })).refused(422, "challenge-invalid");
  }));

test("a confirmation that is too old does nothing", () =>
  nothing(async () => {
    const body = bodies().unlock;
    const confirm = await ask("unlock", body);
    await held.current.advance(301_000);
    (await admin().call(route("unlock"), await confirmed(body, confirm))).refused(410, "challenge-expired");
  }));

test("a code that was used for something else is used up", () =>
  nothing(async () => {
    const site = held.current;
    const code = await site.as(ADMIN).code();
    const challenge = (await site.as(ADMIN).challenge("reject")).good();
    (await site.as(ADMIN).decide(challenge, { code, comment: "No." })).good();
    const body = bodies().revoke;
    const { challenge: other } = await ask("revoke", body);
    (await admin().call(route("revoke"), { ...body, confirm: { challenge: other, code } })).refused(422, "code-used");
  }));

test("the policy moving on between the two requests undoes the first", () =>
  nothing(async () => {
    const site = held.current;
    const body = bodies().unlock;
    const confirm = await ask("unlock", body);
    const [{ entry, seq }] = await site.sql("SELECT entry, seq FROM journal WHERE site = ? AND stream = 'policy' ORDER BY seq DESC LIMIT 1", SITE.key);
    const next = JSON.parse(entry);
    next.event.policy.version = seq + 1;
    await site.sql(
      `INSERT INTO journal (site, stream, seq, position, at, kind, entry, leaf)
       VALUES (?1, 'policy', ?2, (SELECT MAX(position) + 1 FROM journal WHERE site = ?1), 0, 'policy-set', ?3, 'x')`,
      SITE.key, seq + 1, JSON.stringify(next),
    );
    const answer = await admin().call(route("unlock"), await confirmed(body, confirm));
    assert.ok(answer.status === 422 || answer.status === 409, answer.text);
  }));

test("a challenge opens one lock once, also where its person is locked again", async () => {
  const site = held.current;
  const body = bodies().unlock;
  const sent = await confirmed(body, await ask("unlock", body));
  assert.ok((await admin().call(route("unlock"), sent)).good().done);
  await site.sql("UPDATE guess SET failures = 50 WHERE person = ?", JONAS.account);
  // The same answer as before: nothing is done a second time.
  await nothing(async () => assert.ok((await admin().call(route("unlock"), sent)).good().done));
  const facts = (await site.journal(`person-facts/${JONAS.account}`)).filter((row) => row.kind === "unlocked");
  assert.equal(facts.length, 1);
});

test("fifty revocations with one confirmation at once are one, and what was set up afterwards stays", async () => {
  const site = held.current;
  const body = bodies().revoke;
  const sent = await confirmed(body, await ask("revoke", body));
  const answers = await Promise.all(Array.from({ length: 50 }, () => admin().call(route("revoke"), sent, { settle: false })));
  assert.ok(answers.some((answer) => answer.status === 200), answers[0].text);
  const revoked = (await site.journal(`factors/${JONAS.account}`)).filter((row) => row.kind === "factor-revoked");
  assert.equal(revoked.length, 1);
  await site.sql("DELETE FROM guess WHERE person = ?", JONAS.account);
  await site.as(JONAS).enrol();
  await nothing(async () => assert.ok((await admin().call(route("revoke"), sent)).good().done));
  const [{ n }] = await site.sql("SELECT COUNT(*) AS n FROM factor WHERE person = ? AND active = 1", JONAS.account);
  assert.equal(n, 1);
});

test("HTML in a reason is text, kept apart from the journal", async () => {
  const site = held.current;
  const reason = "<img src=x onerror=alert(1)> “quoted” 🙂";
  const body = { ...bodies(PRIYA).life, reason };
  assert.ok((await admin().call(route("life"), await confirmed(body, await ask("life", body)))).good().done);
  const [entry] = (await site.journal(`factors/${PRIYA.account}`)).slice(-1);
  assert.equal(entry.kind, "factor-life-set");
  assert.ok(!JSON.stringify(entry).includes("onerror"));
  const [text] = await site.sql("SELECT body FROM text WHERE id = ?", entry.entry.event.reason.text);
  assert.equal(text.body, reason);
  await site.drain();
  for (const mail of await site.mailsTo(PRIYA)) assert.ok(!`${mail.html ?? ""}`.includes("<img src=x"));
});

test("after all of it the journal has no gap and no fork", async () => {
  const positions = (await held.current.sql("SELECT position FROM journal WHERE site = ? ORDER BY position", SITE.key)).map((row) => row.position);
  assert.deepEqual(positions, positions.map((_, index) => index));
});
