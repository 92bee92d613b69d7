// A challenge is for one page, person, site, verdict and version, for five minutes, and for one decision.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { AUTHOR, JONAS, OTHER_SITE, POLICY_PAGE, PRIYA, PROCEDURE_PAGE } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const decisions = async () => (await held.current.sql("SELECT COUNT(*) AS n FROM journal WHERE kind = 'decided'"))[0].n;

before(async () => {
  const site = held.current;
  await site.install(OTHER_SITE);
  for (const at of [undefined, OTHER_SITE]) {
    const there = (who) => (at ? site.as(who).at(at) : site.as(who));
    for (const page of [POLICY_PAGE, PROCEDURE_PAGE]) (await there(AUTHOR).on(page).submit()).good();
  }
  await site.as(JONAS).enrol();
  await site.as(PRIYA).enrol();
});

const fresh = async (decision = "approve") => (await held.current.as(JONAS).challenge(decision)).good();

/** The decision fails as `kind`, costs no attempt and records nothing. */
async function nothing(kind, status, decide) {
  const count = await decisions();
  const attempts = JSON.stringify(await held.current.sql("SELECT * FROM guess"));
  (await decide()).refused(status, kind);
  assert.equal(await decisions(), count);
  assert.equal(JSON.stringify(await held.current.sql("SELECT * FROM guess")), attempts, "an attempt was counted");
}

test("on another page it is nothing", async () => {
  const jonas = held.current.as(JONAS);
  const [challenge, code] = [await fresh(), await jonas.code()];
  await nothing("challenge-invalid", 422, () => jonas.on(PROCEDURE_PAGE).decide(challenge, { code }));
});

test("for another person it is nothing", async () => {
  const priya = held.current.as(PRIYA);
  const [challenge, code] = [await fresh(), await priya.code()];
  await nothing("challenge-invalid", 422, () => priya.decide(challenge, { code }));
});

test("on another site it is nothing", async () => {
  const jonas = held.current.as(JONAS);
  const [challenge, code] = [await fresh(), await jonas.code()];
  await nothing("challenge-invalid", 422, () => jonas.at(OTHER_SITE).decide(challenge, { code }));
});

test("for the other verdict it is nothing", async () => {
  const jonas = held.current.as(JONAS);
  const [challenge, code] = [await fresh("approve"), await jonas.code()];
  await nothing("challenge-invalid", 422, () => jonas.decide(challenge, { code, decision: "reject", comment: "no" }));
});

test("for another version it is nothing", async () => {
  const jonas = held.current.as(JONAS);
  const [challenge, code] = [await fresh(), await jonas.code()];
  await nothing("challenge-invalid", 422, () => jonas.decide(challenge, { code, version: 2 }));
});

test("with any byte of it changed it is nothing", async () => {
  const jonas = held.current.as(JONAS);
  const challenge = await fresh();
  const code = await jonas.code();
  const bytes = Buffer.from(challenge.challenge, "base64url");
  for (let at = 0; at < bytes.length; at += 7) {
    const changed = Buffer.from(bytes);
    changed[at] ^= 1;
    const forged = { ...challenge, challenge: changed.toString("base64url") };
    await nothing("challenge-invalid", 422, () => jonas.decide(forged, { code }));
  }
  for (const text of ["", "x", "AAAA", challenge.challenge.slice(0, -2), `${challenge.challenge}AA`, `${challenge.challenge}=`, "é"]) {
    await nothing("challenge-invalid", 422, () => jonas.decide({ ...challenge, challenge: text }, { code }));
  }
});

test("of another Worker's key it is nothing", async () => {
  const jonas = held.current.as(JONAS);
  const challenge = await fresh();
  const bytes = Buffer.from(challenge.challenge, "base64url");
  bytes.fill(0, bytes.length - 32);
  const code = await jonas.code();
  await nothing("challenge-invalid", 422, () => jonas.decide({ ...challenge, challenge: bytes.toString("base64url") }, { code }));
});

test("after five minutes it is too old, a moment before it is not", async () => {
  const jonas = held.current.as(JONAS);
  const old = await fresh();
  await held.current.advance(old.expires_at - held.current.now() + 1000);
  const code = await jonas.code();
  await nothing("challenge-expired", 410, () => jonas.decide(old, { code }));
  const young = await fresh();
  await held.current.advance(young.expires_at - held.current.now() - 20_000);
  await nothing("bad-field", 422, () => jonas.decide(young, { code: "" }));
});

test("a review started anew needs a new challenge", async () => {
  const site = held.current;
  const challenge = await fresh();
  (await site.as(PRIYA).reject("Start again.")).good();
  (await site.as(AUTHOR).submit()).good();
  const code = await site.as(JONAS).code();
  const count = await decisions();
  const answer = await site.as(JONAS).decide(challenge, { code });
  assert.ok(["wrong-state", "challenge-invalid"].includes(answer.body.kind), answer.text);
  assert.equal(await decisions(), count);
});

test("another meaning than the one that was shown is never signed", async () => {
  const jonas = held.current.as(JONAS).on(PROCEDURE_PAGE);
  const meaning = "I have read the first page";
  await nothing("challenge-invalid", 422, () => jonas.challenge("approve", { meaning }));
  const before = await decisions();
  const { challenge, shown } = (await jonas.challenge()).good();
  const body = { challenge, decision: "approve", page_version: shown.version, comment: "", code: await jonas.code(), meaning, shown: { ...shown, meaning } };
  (await jonas.call("/api/decision", body)).good();
  assert.equal(await decisions(), before + 1);
  const { entry } = (await held.current.journal(`page/${PROCEDURE_PAGE}`)).findLast((row) => row.kind === "decided");
  assert.equal(entry.event.meaning, shown.meaning);
});

test("once used it is used: the same person gets the recorded entry, another verdict nothing", async () => {
  const site = held.current;
  const jonas = site.as(JONAS);
  const challenge = await fresh();
  (await jonas.decide(challenge, { code: await jonas.code() })).good();
  const count = await decisions();
  assert.equal((await jonas.decide(challenge, { code: await jonas.code() })).good().repeated, true);
  assert.equal(await decisions(), count);
  const again = await jonas.challenge();
  assert.ok(["wrong-state", "already-decided"].includes(again.body.kind), again.text);
});
