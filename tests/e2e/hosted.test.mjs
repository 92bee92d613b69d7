// The Worker's own page in a browser, passkeys by Chromium's virtual authenticator. Links come by the routes the macro uses.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, test } from "node:test";
import { AUTHOR, JONAS, PRIYA } from "../support/identities.mjs";
import { prove } from "../support/hosted.mjs";
import { lockingLink } from "../support/not-me.mjs";
import { SCRATCH } from "../support/place.mjs";
import { startSite } from "../support/site.mjs";
import { launch, watchedContext } from "./browser.mjs";
import { openGate } from "./gate.mjs";
import { Keyring } from "./passkeys.mjs";

const SHOTS = process.env.SHOTS ?? path.join(SCRATCH, "hosted");
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const keyring = new Keyring();
let gate, site, browser, context, watch;

before(async () => {
  mkdirSync(SHOTS, { recursive: true });
  gate = await openGate();
  // By name: a passkey can't be made for an IP address.
  site = await startSite({ vars: { HOSTED_ORIGIN: gate.url.replace("127.0.0.1", "localhost") } });
  gate.leadsTo = site.worker.url;
  browser = await launch();
  ({ context, watch } = await watchedContext(browser));
});
after(async () => {
  await browser?.close();
  await site?.stop();
  gate?.stop();
});

const see = (page, testid) => page.getByTestId(testid);

/** Opens a link in a tab of its own. */
async function open(url, options) {
  const page = await context.newPage();
  const device = await keyring.into(page, options);
  await page.goto(url);
  await see(page, "open").waitFor();
  return { page, device };
}

/** No fault a screen reader would meet; and a picture in light, dark and narrow. */
async function look(page, name) {
  for (const scheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width: 900, height: 760 });
    await page.screenshot({ path: path.join(SHOTS, `${name}-${scheme}.png`), fullPage: true });
    await page.evaluate(AXE);
    const found = await page.evaluate(async () => {
      const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"] });
      return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
    });
    assert.deepEqual(found, [], `${name} ${scheme}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 340, height: 700 });
  await page.screenshot({ path: path.join(SHOTS, `${name}-narrow.png`), fullPage: true });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  assert.equal(wide, false, `${name}: nothing lies outside of a narrow window`);
  await page.setViewportSize({ width: 900, height: 760 });
}

/** A link to sign a new version. */
async function toSign(comment = "") {
  await site.edit();
  (await site.as(AUTHOR).submit()).good();
  const challenge = (await site.as(JONAS).challenge()).good();
  const body = { challenge: challenge.challenge, decision: "approve", page_version: challenge.shown.version, comment };
  const { url } = (await site.as(JONAS).call("/api/passkey/sign", body)).good();
  return { challenge, url };
}

test("set-up: nothing happens before the press, the secret leaves the address bar, the passkey is made", async () => {
  const jonas = site.as(JONAS);
  await prove(jonas);
  const { url } = (await jonas.call("/api/passkey/make")).good();
  const { page, device } = await open(url);
  assert.equal(new URL(page.url()).hash, "", "the secret is gone from the address bar");
  assert.equal(gate.count("/api/hosted/open"), 0, "opening the address sends nothing");
  await look(page, "1-arrived");
  await see(page, "open").press("Enter");
  await see(page, "user-name").waitFor();
  assert.equal(await see(page, "user-name").innerText(), JONAS.name);
  await look(page, "2-make");
  // A reload goes on by the cookie.
  await page.reload();
  await see(page, "go-on").click();
  const check = await see(page, "check").innerText();
  await look(page, "3-made");
  assert.equal((await jonas.call("/api/passkey/made")).good().check, check, "the same digits in Confluence");
  await device.keep();
  assert.equal(keyring.size, 1);
  (await jonas.confirmEnrolment("")).good();
  await page.close();
});

test("use: the page shows what is signed, and the verdict is recorded", async () => {
  const { challenge, url } = await toSign("Read <b>it</b> twice.");
  const { page, device } = await open(url);
  await see(page, "open").click();
  await see(page, "shown").waitFor();
  assert.equal(await see(page, "shown-version").innerText(), String(challenge.shown.version));
  assert.equal(await see(page, "shown-meaning").innerText(), challenge.shown.meaning);
  assert.equal(await see(page, "comment-said").innerText(), "Read <b>it</b> twice.", "text, never markup");
  await look(page, "4-sign");
  await see(page, "go-on").click();
  await see(page, "done").waitFor();
  await look(page, "5-done");
  await device.keep();
  const decided = (await site.journal()).findLast((row) => row.kind === "decided").entry.event;
  assert.equal(decided.version, challenge.shown.version);
  assert.equal(decided.proof.factor.kind, "passkey");
  await page.close();
});

test("cancelled, or an authenticator that does not know its owner: said plainly, and the button tries again", async () => {
  const { challenge, url } = await toSign();
  const { page, device } = await open(url, { verifies: false });
  await see(page, "open").click();
  await see(page, "shown").waitFor();
  await see(page, "go-on").click();
  await see(page, "passkey-problem").waitFor();
  assert.match(await see(page, "passkey-problem").innerText(), /Nothing was confirmed/);
  await look(page, "6-cancelled");
  assert.equal((await site.as(JONAS).call("/api/passkey/proved", { challenge: challenge.challenge })).good().is, "waiting");
  await device.verify(true);
  await see(page, "go-on").click();
  await see(page, "done").waitFor();
  await device.keep();
  await page.close();
});

test("wrong: a copied passkey is refused by the Worker, and the page says so", async () => {
  const copy = keyring.copy();
  const first = await toSign();
  const opened = await open(first.url);
  await see(opened.page, "open").click();
  await see(opened.page, "go-on").click();
  await see(opened.page, "done").waitFor();
  await opened.device.keep();
  await opened.page.close();
  const { url } = await toSign();
  const page = await context.newPage();
  await copy.into(page);
  await page.goto(url);
  await see(page, "open").click();
  await see(page, "shown").waitFor();
  await see(page, "go-on").click();
  await see(page, "problem").waitFor();
  assert.equal(await see(page, "problem").getAttribute("data-kind"), "passkey-refused");
  await look(page, "7-refused");
  await page.close();
});

test("lost: without the passkey nothing is confirmed, and the page says what else there is", async () => {
  const { url } = await toSign();
  const { page, device } = await open(url);
  await device.lose();
  await see(page, "open").click();
  await see(page, "shown").waitFor();
  await see(page, "go-on").click();
  assert.match(await see(page, "passkey-problem").innerText(), /another way/);
  await page.close();
});

test("a link that was used elsewhere, or a page opened by hand, says where to go", async () => {
  const { url } = await toSign();
  const first = await open(url);
  await see(first.page, "open").click();
  await see(first.page, "shown").waitFor();
  await first.page.close();
  await context.clearCookies();
  const { page } = await open(url);
  await see(page, "open").click();
  await see(page, "problem").waitFor();
  assert.match(await see(page, "problem").innerText(), /Go back to Confluence/);
  assert.equal(await see(page, "open").count(), 0, "there is nothing to press any more");
  await look(page, "8-over");
  await page.goto(new URL("/hosted", url).href);
  await see(page, "problem").waitFor();
  await page.close();
});

test("a mail's “this wasn't me”: opening it does nothing, the page says what it will do, a press locks, once", async () => {
  const priya = site.as(PRIYA);
  (await priya.call("/api/enrolment/begin", {})).good();
  await site.drain();
  const link = lockingLink((await site.mailsTo(PRIYA)).at(-1));
  const held = async () => (await site.sql("SELECT held FROM guess WHERE person = ?", PRIYA.account))[0]?.held ?? 0;
  const page = await context.newPage();
  await page.goto(link);
  await see(page, "not-me-lock").waitFor();
  assert.equal(new URL(page.url()).hash, "", "the secret leaves the address bar");
  assert.match(await see(page, "not-me-page").innerText(), /None of your codes is accepted any more.*Nothing happens before you press/s);
  assert.equal(await held(), 0);
  await look(page, "9-not-me");
  await see(page, "not-me-lock").click();
  await see(page, "locked").waitFor();
  assert.match(await see(page, "hosted-title").innerText(), /locked/);
  assert.equal(await held(), 1);
  await look(page, "9-not-me-locked");
  await page.goto("about:blank");
  await page.goto(link);
  await see(page, "not-me-lock").click();
  await see(page, "locked").waitFor();
  assert.match(await see(page, "locked").innerText(), /It works once/);
  await page.goto("about:blank");
  await page.goto(`${link.slice(0, -4)}AAAA`);
  await see(page, "not-me-lock").click();
  await see(page, "problem").waitFor();
  assert.equal(await see(page, "not-me-lock").count(), 0, "there is nothing to press any more");
  await page.close();
});

test("no policy was violated, nothing went wrong out of sight, and nothing left this machine", async () => {
  assert.deepEqual(watch.violations, []);
  assert.deepEqual(watch.errors, []);
  assert.deepEqual(watch.strangers, []);
});
