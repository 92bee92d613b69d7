// What people are told by mail about factors, locks and emergency access: to whom, with what, once, and not if it no longer
// holds.
import assert from "node:assert/strict";
import { test } from "node:test";
import { carryOut, text } from "../support/effects.mjs";
import { ADMIN, JONAS, POLICY_PAGE, PRIYA, SITE, SPACE_ADMIN, VIEWER } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const DAY = 24 * 3600_000;

/** Mails somebody got while `what` happened. */
async function during(who, what) {
  const before = (await held.current.mailsTo(who)).length;
  await what();
  return (await held.current.mailsTo(who)).slice(before);
}

const tell = (who, notice) => during(who, () => carryOut(held.current, { effect: "mail-owner", person: who.account, notice }));
const adminSeen = (who) =>
  held.current.sql("INSERT INTO admin (site, person, seen_at) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET seen_at = excluded.seen_at", SITE.key, who.account, held.current.now());

const OWNER = [
  [{ about: "factor-enrolled", factor_kind: "passkey" }, /passkey was set up/i, /the passkey was set up to confirm approvals/],
  [{ about: "factor-renewed", factor_kind: "totp", until: 1_800_000_000_000 }, /authenticator was renewed/, /good until Friday 15 January 2027, 09:00 \(Europe\/Stockholm\)/],
  [{ about: "factor-renewed", factor_kind: "totp" }, /authenticator was renewed/, /does not expire/],
  [{ about: "factor-removed", factor_kind: "totp" }, /authenticator was removed/, /This wasn't me/],
  [{ about: "factor-removed", factor_kind: "totp", by: ADMIN.account }, /revoked by an admin/, /Sam Carter revoked your authenticator/],
  [{ about: "factor-expiry-set", factor_kind: "totp", by: ADMIN.account, until: 1_800_000_000_000 }, /how long your authenticator is good/, /Sam Carter changed/],
  [{ about: "recovery-codes-made", count: 10 }, /recovery codes were made/, /10 recovery codes/],
  [{ about: "recovery-code-used", left: 2 }, /recovery code of your account was used/, /2 are left/],
  [{ about: "not-me" }, /locked, as you asked/, /until a Confluence admin unlocks you/],
  [{ about: "unlocked", by: ADMIN.account }, /unlocked/, /Sam Carter unlocked you/],
  [{ about: "enrolment-reminder", by: ADMIN.account }, /set up how you confirm/, /Sam Carter asks you/],
];
for (const [notice, subject, body] of OWNER) {
  test(`${notice.about}${notice.by ? " by an admin" : ""} is told to its owner`, async () => {
    const [mail, ...more] = await tell(JONAS, notice);
    assert.deepEqual(more, []);
    assert.match(mail.subject, subject);
    assert.match(mail.text, body);
    assert.ok(mail.text.includes(JONAS.name) && mail.html.includes(JONAS.name));
    assert.match(mail.html, /^<!doctype html>/);
  });
}

test("a factor is called what its owner calls it, whatever that is", async () => {
  const name = await text(held.current, "<script>alert(1)</script>\r\nBcc: eve@example.com");
  const [mail] = await tell(JONAS, { about: "factor-enrolled", factor_kind: "totp", name });
  assert.match(mail.text, /“<script>alert\(1\)<\/script> {2}Bcc: eve@example.com”/);
  assert.ok(!mail.html.includes("<script"), mail.html);
  assert.ok(mail.html.includes("&lt;script&gt;"));
});

test("a name that was erased is left out", async () => {
  const name = await text(held.current, "My old phone");
  await held.current.sql("UPDATE text SET body = NULL, salt = NULL WHERE id = ?", name);
  const [mail] = await tell(JONAS, { about: "factor-removed", factor_kind: "totp", name });
  assert.ok(!mail.text.includes("old phone") && /Your authenticator was removed/i.test(mail.text + mail.subject));
});

/** A factor of somebody's that ends then. */
async function factor(who, id, expiresAt) {
  await held.current.sql(
    `INSERT INTO factor (site, person, id, kind, secret, last_step, active, enrolled_at, expires_at, name)
     VALUES (?, ?, ?, 'totp', 'x', 0, 1, ?, ?, ?)`,
    SITE.key,
    who.account,
    id,
    held.current.now(),
    expiresAt,
    await text(held.current, `Phone ${id}`),
  );
}
const hourly = async () => {
  (await held.current.hourly()).good();
  await held.current.drain();
};

test("an owner is warned a week before the end and told of it, once each", async () => {
  const site = held.current;
  const end = site.now() + 10 * DAY;
  await factor(PRIYA, "ending", end);
  assert.deepEqual(await during(PRIYA, hourly), [], "ten days are not soon");
  await site.advance(4 * DAY);
  const [warned, ...more] = await during(PRIYA, hourly);
  assert.deepEqual(more, []);
  assert.match(warned.subject, /expires soon/);
  assert.match(warned.text, /“Phone ending” is good until/);
  // The mail service would drop a second one; there is none to drop.
  const effects = async () => (await site.outbox()).filter((row) => row.effect.includes('"ending"')).length;
  assert.equal(await effects(), 1);
  assert.deepEqual(await during(PRIYA, hourly), [], "once");
  assert.equal(await effects(), 1);
  await site.advance(6 * DAY + 1000);
  const [told, ...others] = await during(PRIYA, hourly);
  assert.deepEqual(others, []);
  assert.match(told.subject, /has expired/);
  assert.deepEqual(await during(PRIYA, hourly), [], "once");
  assert.equal(await effects(), 2);
});

test("a renewed factor is warned of again, at its new end", async () => {
  const site = held.current;
  await site.sql("UPDATE factor SET expires_at = ? WHERE id = 'ending'", site.now() + 30 * DAY);
  assert.deepEqual(await during(PRIYA, hourly), []);
  await site.advance(24 * DAY);
  assert.match((await during(PRIYA, hourly))[0].subject, /expires soon/);
});

test("a warning that came too late, or of a factor that is gone, is not sent", async () => {
  const site = held.current;
  const until = site.now() + DAY;
  await factor(VIEWER, "gone", until);
  await site.sql("UPDATE factor SET active = 0 WHERE id = 'gone'");
  assert.deepEqual(await tell(VIEWER, { about: "factor-expires-soon", factor: "gone", until }), []);
  await factor(VIEWER, "renewed", until + DAY);
  assert.deepEqual(await tell(VIEWER, { about: "factor-expires-soon", factor: "renewed", until }), []);
  assert.deepEqual(await tell(VIEWER, { about: "factor-expired", factor: "renewed", until }), []);
  await factor(VIEWER, "over", site.now() - 1);
  const [{ expires_at: past }] = await site.sql("SELECT expires_at FROM factor WHERE id = 'over'");
  assert.deepEqual(await tell(VIEWER, { about: "factor-expires-soon", factor: "over", until: past }), []);
});

test("each admin gets a mail of their own, and one who cannot be reached keeps nobody from it", async () => {
  const site = held.current;
  await adminSeen(SPACE_ADMIN);
  await site.sandbox.fault({ method: "GET", path: `/wiki/rest/api/user/email?accountId=${encodeURIComponent(ADMIN.account)}`, times: 1, kind: "status", status: 404 });
  const told = await during(SPACE_ADMIN, () => carryOut(site, { effect: "mail-admins", person: JONAS.account, notice: { about: "not-me" } }, { key: "not-me" }));
  assert.equal(told.length, 1);
  assert.match(told[0].subject, /Jonas Lindqvist reports: this wasn't me/);
  const rows = await site.sql("SELECT effect, key, state, last_error FROM outbox WHERE key LIKE 'not-me%' ORDER BY id");
  const singles = rows.filter((row) => row.effect.includes('"mail-admin"'));
  assert.deepEqual(singles.map((row) => JSON.parse(row.effect).admin).sort(), [ADMIN.account, SPACE_ADMIN.account].sort());
  assert.equal(new Set(singles.map((row) => row.key)).size, singles.length, "keys of their own");
});

test("emergency access is told to whoever has to do with the page, and to the admins, with who, why and until when", async () => {
  const site = held.current;
  const reason = await text(site, "The auditor is waiting <b>now</b>");
  const access = { page: POLICY_PAGE, by: ADMIN.account, reason };
  const at = { not_before: site.now() + DAY, expires_at: site.now() + 7 * DAY };
  const asked = { effect: "mail-emergency", person: JONAS.account, ...access, stage: { stage: "asked", ...at } };
  const [mail] = await during(JONAS, () => carryOut(site, asked));
  assert.match(mail.subject, /Emergency access to “Information Security Policy” was asked for/);
  assert.match(mail.text, /Sam Carter asked for emergency access/);
  assert.match(mail.text, /Reason given: The auditor is waiting/);
  assert.match(mail.text, /cannot be used before .*\(Europe\/Stockholm\), and not after/);
  assert.ok(!mail.html.includes("<b>now"), mail.html);
  const used = { effect: "mail-emergency-admins", ...access, stage: { stage: "carried-out" } };
  const [toAdmin] = await during(SPACE_ADMIN, () => carryOut(site, used, { lane: `emergency/${POLICY_PAGE}` }));
  assert.match(toAdmin.subject, /was used/);
});

test("a mail taken before a name in it changed is not sent again, and nothing stays behind", async () => {
  const site = held.current;
  const page = await site.newPage({ title: "First title" });
  await site.sandbox.fault({ method: "POST", path: "/mail/emails", times: 1, kind: "lost" });
  const access = { page, by: ADMIN.account, stage: { stage: "cancelled" } };
  const sent = await during(VIEWER, async () => {
    await carryOut(site, { effect: "mail-emergency", person: VIEWER.account, ...access }, { key: "retitled" });
    await site.edit(page, { title: "Second title" });
    await site.advance(60_000);
    await site.drain();
  });
  assert.equal(sent.length, 1);
  assert.match(sent[0].subject, /First title/);
  const [row] = await site.sql("SELECT state, last_error FROM outbox WHERE key = 'retitled'");
  assert.equal(row.state, "done");
});
