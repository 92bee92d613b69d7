// "This wasn't me", from a mail: which mails carry the link, what a press does, and that everything else does nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { carryOut } from "../support/effects.mjs";
import { Tab, secretOf } from "../support/hosted.mjs";
import { ADMIN, AUTHOR, JONAS, PRIYA } from "../support/identities.mjs";
import { lockingLink } from "../support/not-me.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const DAY = 24 * 3600_000;
const locked = async (who) => (await held.current.sql("SELECT held FROM guess WHERE person = ?", who.account))[0]?.held === 1;
const said = async (who) =>
  (await held.current.journal(`person-facts/${who.account}`)).filter((row) => row.kind === "not-me").map((row) => row.entry.event);
const press = (link) => new Tab(held.current).post("/api/hosted/not-me", { link });
const unlock = (who) => held.current.sql("UPDATE guess SET held = 0, failures = 0, locked_until = 0 WHERE person = ?", who.account);

test("each mail about what was done with somebody's factors holds a link of its own; others hold none", async () => {
  const about = async (effect) => {
    const before = (await held.current.mailsTo(JONAS)).length;
    await carryOut(held.current, { person: JONAS.account, ...effect });
    return (await held.current.mailsTo(JONAS)).slice(before)[0];
  };
  const notice = (notice) => about({ effect: "mail-owner", notice });
  const links = new Set();
  for (const mail of [
    await notice({ about: "factor-enrolled", factor_kind: "totp" }),
    await notice({ about: "factor-renewed", factor_kind: "totp" }),
    await notice({ about: "factor-removed", factor_kind: "totp" }),
    await notice({ about: "recovery-codes-made", count: 10 }),
    await notice({ about: "recovery-code-used", left: 3 }),
    await notice({ about: "unlocked", by: ADMIN.account }),
    await about({ effect: "mail-locked", failures: 5 }),
  ]) {
    const link = lockingLink(mail);
    assert.ok(mail.html.includes(`<a href="${link}">This wasn&#39;t me</a>`), mail.html);
    assert.match(mail.text, /nothing happens before you press it/);
    links.add(link);
  }
  assert.equal(links.size, 7);
  for (const mail of [
    await notice({ about: "not-me" }),
    await notice({ about: "enrolment-reminder" }),
    await notice({ about: "factor-removed", factor_kind: "totp", by: ADMIN.account }),
  ]) {
    assert.equal(lockingLink(mail), null, mail.subject);
  }
});

test("a press locks the person as the panel would: sessions and what is under way end, they and the admins are told", async () => {
  const jonas = held.current.as(JONAS);
  await held.current.as(ADMIN).from("approval-settings").call("/api/settings/overview");
  await jonas.enrol();
  (await held.current.as(AUTHOR).submit()).good();
  const challenge = (await jonas.challenge()).good();
  const link = secretOf(lockingLink((await held.current.mailsTo(JONAS)).at(-1)));
  assert.match(link, /^n\.[\w-]+$/);
  assert.deepEqual((await press(link.slice(2))).good(), { is: "locked" });
  assert.equal(await locked(JONAS), true);
  assert.deepEqual(await said(JONAS), [{ kind: "not-me", by_mail: true }]);
  for (const table of ["session", "enrolment", "pending"]) {
    const [{ n }] = await held.current.sql(`SELECT COUNT(*) AS n FROM ${table} WHERE person = ?${table === "session" ? " AND ended_at IS NULL" : ""}`, JONAS.account);
    assert.equal(n, 0, table);
  }
  (await jonas.decide(challenge, { code: await jonas.code() })).refused(429, "locked");
  await held.current.drain();
  assert.match((await held.current.mailsTo(JONAS)).at(-1).subject, /locked, as you asked/);
  assert.ok((await held.current.mailsTo(ADMIN)).some((mail) => /Jonas Lindqvist reports: this wasn't me/.test(mail.subject)));
  const { uses } = (await jonas.call("/api/factors", {})).good();
  assert.match(uses[0].what, /pressed in a mail to you/);
  // An answer that was lost is asked for again: it says what the first press did.
  const again = (await press(link.slice(2))).good();
  assert.equal(again.is, "used");
  assert.ok(Math.abs(again.at - held.current.now()) < 60_000);
  assert.equal((await said(JONAS)).length, 1);
});

test("who is locked already stays so, and is told nothing twice", async () => {
  const mail = await mailTo(JONAS);
  const before = (await held.current.mailsTo(JONAS)).length;
  assert.deepEqual((await press(secretOf(lockingLink(mail)).slice(2))).good(), { is: "locked-before" });
  await held.current.drain();
  assert.equal((await held.current.mailsTo(JONAS)).length, before);
  assert.equal((await said(JONAS)).length, 1);
});

test("somebody without any factor can say it too, from the mail with a code they did not ask for", async () => {
  (await held.current.as(PRIYA).call("/api/enrolment/begin", {})).good();
  await held.current.drain();
  const link = lockingLink((await held.current.mailsTo(PRIYA)).at(-1));
  assert.deepEqual((await press(secretOf(link).slice(2))).good(), { is: "locked" });
  (await held.current.as(PRIYA).call("/api/enrolment/begin", {})).refused(429, "locked");
});

test("a link is good for seven days", async () => {
  await unlock(PRIYA);
  await held.current.freeze();
  const [soon, late] = [await mailTo(PRIYA), await mailTo(PRIYA)].map((mail) => secretOf(lockingLink(mail)).slice(2));
  await held.current.advance(7 * DAY - 1000);
  assert.deepEqual((await press(soon)).good(), { is: "locked" });
  await unlock(PRIYA);
  await held.current.advance(2000);
  assert.match((await press(late)).refused(410, "link-over").detail, /older than seven days/);
  assert.equal(await locked(PRIYA), false);
});

/** A mail about a factor. */
async function mailTo(who) {
  await carryOut(held.current, { effect: "mail-owner", person: who.account, notice: { about: "factor-renewed", factor_kind: "totp" } });
  return (await held.current.mailsTo(who)).at(-1);
}
