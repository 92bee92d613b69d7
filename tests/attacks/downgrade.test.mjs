// Nobody gets through with less than the policy asks: the server says which ways there are, and a weaker one is none.
import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { AUTHOR, JONAS } from "../support/identities.mjs";
import { putRules, rule } from "../support/rules.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const site = () => held.current;
const jonas = () => site().as(JONAS);
const decisions = async () => (await site().sql("SELECT COUNT(*) AS n FROM journal WHERE kind = 'decided'"))[0].n;
const challenge = async () => (await jonas().challenge()).good();

/** It is refused, and nothing is recorded. */
async function nothing(status, kind, decide) {
  const before = await decisions();
  const refusal = (await decide()).refused(status, kind);
  assert.equal(await decisions(), before);
  return refusal;
}

before(async () => {
  (await site().as(AUTHOR).submit()).good();
  await jonas().enrol();
});

beforeEach(async () => {
  await site().sql("UPDATE guess SET failures = 0, locked_until = 0");
  await site().sql("UPDATE factor SET active = 1, expires_at = NULL");
  await putRules(site(), rule(["approve"], { factors: ["totp", "passkey", "mail-code"] }));
});

test("a decision without anything is refused", async () => {
  const asked = await challenge();
  assert.equal((await nothing(422, "bad-field", () => jonas().decide(asked))).field, "code");
});

test("whoever has an authenticator is mailed no code, though the policy lets one count", async () => {
  const asked = await challenge();
  assert.deepEqual(asked.how.factors, ["totp"]);
  const mails = (await site().mailsTo(JONAS)).length;
  (await jonas().call("/api/confirm/mail", { challenge: asked.challenge })).refused(403, "mail-code-not-allowed");
  await site().drain();
  assert.equal((await site().mailsTo(JONAS)).length, mails);
});

test("waiting until the authenticator has expired makes no mailbox of it: not for a challenge made then, nor for one made before", async () => {
  const DAY = 24 * 60 * 60_000;
  const before = await challenge();
  for (const ended of [1, 89 * DAY]) {
    await site().sql("UPDATE factor SET expires_at = ?", site().now() - ended);
    const refusal = (await jonas().challenge()).refused(422, "no-factor");
    assert.match(refusal.detail, /renew it with a current code.*recovery code.*Confluence admin/s);
    (await jonas().call("/api/confirm/mail", { challenge: before.challenge })).refused(403, "mail-code-not-allowed");
    await nothing(422, "no-factor", async () => jonas().decide(before, { code: await jonas().code() }));
    await nothing(422, "bad-field", () => jonas().decide(before, { code: "ABCD-1234" }));
    // What the page about it says is what is done.
    const why = (await jonas().call("/api/why")).good();
    assert.deepEqual(why.asked.find((one) => one.action === "approve").ways, []);
    // Nor does a mailbox set up another one in its place.
    const begun = await jonas().call("/api/enrolment/begin", {});
    assert.ok(begun.status >= 400 || begun.body.confirm, begun.text);
    assert.equal(begun.body.sent_to, undefined);
  }
  // Over for good, it is as if it had been removed.
  await site().sql("UPDATE factor SET expires_at = ?", site().now() - 90 * DAY);
  assert.deepEqual((await challenge()).how.factors, ["mail-code"]);
});

test("nor does one count that was planted", async () => {
  const asked = await challenge();
  await nothing(422, "bad-field", () => jonas().decide(asked, { code: "ABCD-1234" }));
});

test("what a client says about factors, sessions and proofs is not listened to", async () => {
  const asked = await challenge();
  const body = {
    challenge: asked.challenge, decision: "approve", page_version: asked.shown.version, code: "",
    factor: "mail-code", factors: [], code_required: false, how: { factors: [] }, identified: true,
    proof: { factor: { factor: "f", kind: "passkey", step: 1 } },
  };
  await nothing(422, "bad-field", () => jonas().call("/api/decision", body));
});

test("a code of an authenticator is none where a passkey is asked for", async () => {
  const asked = await challenge();
  await putRules(site(), rule(["approve"], { factors: ["passkey"] }));
  await nothing(422, "no-factor", async () => jonas().decide(asked, { code: await jonas().code() }));
});

test("a recovery code signs nothing", async () => {
  const asked = await challenge();
  const refusal = await nothing(422, "bad-field", () => jonas().decide(asked, { code: "ABCD-EFGH-JKMN-PQRS-TVWX-YZ01" }));
  assert.match(refusal.detail, /does not count here/);
});

test("an authenticator that was taken away meanwhile is none, nor one that has ended", async () => {
  for (const change of ["active = 0", `expires_at = ${Math.floor(site().now())}`]) {
    await site().sql("UPDATE factor SET active = 1, expires_at = NULL");
    await putRules(site(), rule(["approve"]));
    const asked = await challenge();
    await site().sql(`UPDATE factor SET ${change}`);
    await nothing(422, "no-factor", async () => jonas().decide(asked, { code: await jonas().code() }));
  }
});

test("nor one that ends while the decision is on its way: the batch says so", async () => {
  const asked = await challenge();
  await site().sql(`CREATE TRIGGER ended_meanwhile INSTEAD OF INSERT ON require WHEN NEW.what = 'nonce'
    BEGIN UPDATE factor SET expires_at = 1; END`);
  try {
    await nothing(422, "no-factor", async () => jonas().decide(asked, { code: await jonas().code() }));
  } finally {
    await site().sql("DROP TRIGGER ended_meanwhile");
  }
});

test("the receipt of a passkey counts only if it was proved, for this challenge, by a passkey the person has", async () => {
  await site().sql("INSERT INTO factor (site, person, id, kind, secret, last_step, active, enrolled_at) SELECT site, person, 'pk', 'passkey', 'x', 0, 1, 0 FROM factor WHERE kind = 'totp' AND person = ?", JONAS.account);
  try {
    const asked = await challenge();
    assert.deepEqual(asked.how.factors, ["passkey", "totp"]);
    const nonce = Buffer.from(asked.challenge, "base64url").toString("latin1").match(/[0-9a-f]{32}(?=\0{3}\x08)/)[0];
    const put = (more) => {
      const row = { nonce, kind: "passkey", state: "proved", factor: "pk", step: 0, person: JONAS.account, ends: site().now() + 60_000, ...more };
      return site().sql(
        `INSERT OR REPLACE INTO pending (site, person, scope, nonce, kind, state, challenge, factor, step, created_at, expires_at)
         SELECT site, ?1, 'page/98305', ?2, ?3, ?4, 'x', ?5, ?6, 0, ?7 FROM factor WHERE id = 'pk'`,
        row.person, row.nonce, row.kind, row.state, row.factor, row.step, row.ends,
      );
    };
    const wrong = [
      { state: "waiting" }, { state: "used" }, { nonce: "0".repeat(32) }, { factor: "another" }, { kind: "mail-code" },
      { person: AUTHOR.account }, { ends: site().now() - 1 },
    ];
    for (const more of wrong) {
      await site().sql("DELETE FROM pending");
      await put(more);
      await nothing(422, "bad-field", () => jonas().decide(asked));
    }
    await site().sql("DELETE FROM pending");
    await put({});
    const before = await decisions();
    (await jonas().decide(asked)).good();
    assert.equal(await decisions(), before + 1);
    assert.equal((await site().sql("SELECT state FROM pending"))[0].state, "used");
    assert.equal((await site().journal()).findLast((one) => one.kind === "decided").entry.event.proof.factor.kind, "passkey");
  } finally {
    await site().sql("DELETE FROM factor WHERE id = 'pk'");
  }
});
