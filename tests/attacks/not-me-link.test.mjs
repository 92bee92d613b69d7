// Attacks with the link behind "this wasn't me" in mails: it must lock nobody without its owner's press, nobody else, not
// twice, not for ever, and open nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { carryOut } from "../support/effects.mjs";
import { Tab, secretOf } from "../support/hosted.mjs";
import { JONAS, OTHER_SITE, PRIYA, SITE } from "../support/identities.mjs";
import { lockingLink } from "../support/not-me.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const DAY = 24 * 3600_000;
const ROUTE = "/api/hosted/not-me";

/** A link out of a new mail to somebody. */
async function linkOf(who = JONAS) {
  await carryOut(held.current, { effect: "mail-owner", person: who.account, notice: { about: "factor-renewed", factor_kind: "totp" } });
  return lockingLink((await held.current.mailsTo(who)).at(-1));
}
const tokenOf = (url) => secretOf(url).slice(2);
const lockedPeople = async () =>
  (await held.current.sql("SELECT site, person FROM guess WHERE held = 1 ORDER BY site, person")).map((row) => [row.site, row.person]);
const unlockAll = () => held.current.sql("UPDATE guess SET held = 0, failures = 0, locked_until = 0");
const everything = async () => JSON.stringify(await Promise.all(
  ["journal", "guess", "consumed", "outbox", "session", "pending"].map((table) => held.current.sql(`SELECT * FROM ${table} ORDER BY 1, 2, 3`)),
));

test("a mail scanner that opens the link, by GET or HEAD, with its fragment as a query or as a path, changes nothing", async () => {
  const url = await linkOf();
  assert.equal(new URL(url).search, "", "the secret lies in the fragment alone");
  const before = await everything();
  const token = tokenOf(url);
  for (const method of ["GET", "HEAD"]) {
    for (const address of ["/hosted", `/hosted?n.${token}`, `/hosted/n.${token}`, ROUTE, `${ROUTE}?link=${token}`, `${ROUTE}/${token}`]) {
      const answer = await held.current.worker.fetch(address, { method, headers: { "x-test-settle": "yes" } });
      await answer.text();
      assert.equal(answer.headers.get("set-cookie"), null, address);
    }
  }
  assert.equal(await everything(), before);
});

test("a scanner or a page elsewhere that posts it is not our page's button: refused before it is read", async () => {
  const token = tokenOf(await linkOf());
  const before = await everything();
  const tab = new Tab(held.current);
  for (const headers of [
    { origin: null }, { origin: "https://evil.example" }, { origin: "null" }, { "sec-fetch-site": "cross-site" }, { "sec-fetch-site": "same-site" },
    { "content-type": "application/x-www-form-urlencoded" }, { "content-type": "text/plain" }, { "content-type": null },
  ]) {
    const answer = await tab.post(ROUTE, { link: token }, { headers });
    assert.equal(answer.status, 403, JSON.stringify(headers));
  }
  assert.equal(await everything(), before);
});

test("a forged one locks nobody: any changed character, another kind of link, a made-up one", async () => {
  const token = tokenOf(await linkOf());
  const tab = new Tab(held.current);
  const other = { A: "B", B: "A" };
  const changed = [...token].map((letter, at) => token.slice(0, at) + (other[letter] ?? "A") + token.slice(at + 1)).filter((one) => one !== token);
  const before = await everything();
  // The last character holds spare bits: whatever decodes to the same bytes is not canonical, and refused as well.
  for (const one of [...changed.filter((_, at) => at % 7 === 0), changed.at(-1), "", "n.", token.slice(0, -1), `${token}A`, `n.${token}`, "x".repeat(9000)]) {
    const answer = await tab.post(ROUTE, { link: one });
    assert.ok([410, 422, 413].includes(answer.status), `${one.slice(0, 20)}: ${answer.status} ${answer.text}`);
  }
  assert.equal(await everything(), before);
  // A link to a page for passkeys authenticates nothing here, and this one begins no visit there.
  const person = held.current.as(PRIYA);
  (await person.call("/api/enrolment/begin", { factor_kind: "passkey", name: "" })).good();
  await held.current.drain();
  (await person.enterMailCode(await person.mailedCode())).good();
  const { url } = (await person.call("/api/passkey/make")).good();
  (await tab.post(ROUTE, { link: secretOf(url) })).refused(410, "link-over");
  for (const link of [token, `n.${token}`]) (await tab.post("/api/hosted/open", { link })).refused(410, "link-over");
  assert.equal(tab.cookie, null);
  assert.deepEqual(await lockedPeople(), []);
});

test("it locks the person of its mail at the mail's site, whatever else the request says", async () => {
  const token = tokenOf(await linkOf());
  const more = { person: PRIYA.account, account: PRIYA.account, site: OTHER_SITE.key };
  (await new Tab(held.current).post(ROUTE, { link: token, ...more })).good();
  assert.deepEqual(await lockedPeople(), [[SITE.key, JONAS.account]]);
  await unlockAll();
});

test("used twice, by one press or by twenty at once, it locks once, and not again after an admin unlocked", async () => {
  const token = tokenOf(await linkOf());
  const tab = new Tab(held.current);
  const facts = async () => (await held.current.journal(`person-facts/${JONAS.account}`)).filter((row) => row.kind === "not-me").length;
  const before = await facts();
  const answers = await Promise.all(Array.from({ length: 20 }, () => tab.post(ROUTE, { link: token })));
  assert.ok(answers.every((answer) => answer.status === 200), answers.map((answer) => answer.text).join("\n"));
  assert.equal(answers.filter((answer) => answer.body.is === "locked").length, 1);
  assert.equal(await facts(), before + 1);
  await unlockAll();
  assert.equal((await tab.post(ROUTE, { link: token })).good().is, "used");
  assert.deepEqual(await lockedPeople(), []);
  assert.equal(await facts(), before + 1);
});

test("of an old mail it locks nobody", async () => {
  const token = tokenOf(await linkOf());
  await held.current.advance(7 * DAY + 1000);
  (await new Tab(held.current).post(ROUTE, { link: token })).refused(410, "link-over");
  assert.deepEqual(await lockedPeople(), []);
});

test("whoever holds it learns nothing and gets nowhere: no name, no cookie, no other route", async () => {
  const token = tokenOf(await linkOf());
  const tab = new Tab(held.current);
  for (const route of ["/api/hosted/task", "/api/hosted/register", "/api/hosted/assert"]) {
    (await tab.post(route, { link: token })).refused(410, "link-over");
  }
  const answer = await tab.post(ROUTE, { link: token });
  assert.deepEqual(Object.keys(answer.good()), ["is"]);
  assert.equal(answer.headers.get("set-cookie"), null);
  assert.ok(!held.current.worker.log.includes(token), "nor does the log hold it");
  await unlockAll();
});
