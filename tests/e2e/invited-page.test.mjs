// Somebody without an account at the Worker's own page, in a browser: the door, the document in its frame, the answer. People are
// invited by the routes the macro uses; invited.test.mjs goes the whole way.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { ANNA, OMAR, invitedTo, lettingInvite } from "../support/invited.mjs";
import { AUTHOR } from "../support/identities.mjs";
import { startSite } from "../support/site.mjs";
import { launch, watchedContext } from "./browser.mjs";
import { openGate } from "./gate.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const HOUR = 3600_000;
const ANSWERED = /recorded/i;
let gate, site, browser;

before(async () => {
  gate = await openGate();
  site = await startSite({ vars: { HOSTED_ORIGIN: gate.url.replace("127.0.0.1", "localhost") } });
  gate.leadsTo = site.worker.url;
  browser = await launch();
  (await site.as(AUTHOR).submit()).good();
  await lettingInvite(site);
});
after(async () => {
  await browser?.close();
  await site?.stop();
  gate?.stop();
});

/** A window of somebody invited, who has opened the link of their mail. */
async function arrives(who, more) {
  await site.advance(HOUR);
  const { page, visitor, invitation } = await invitedTo(site, who, more);
  const { context, watch } = await watchedContext(browser, { acceptDownloads: true });
  context.setDefaultTimeout(15_000);
  const tab = await context.newPage();
  await tab.goto(visitor.url);
  const see = (testid) => tab.getByTestId(testid);
  const close = async () => {
    watch.clean();
    await context.close();
  };
  return { page, visitor, invitation, context, watch, tab, see, close };
}

/** Through the door, by the mailed code. */
async function enters(guest) {
  await guest.see("send-code").click();
  await guest.see("entry-code").waitFor();
  await guest.see("entry-code").fill(await guest.visitor.mailedCode());
  await guest.see("entry-code").press("Enter");
  await guest.see("invited-reading").waitFor();
}

async function faultless(tab) {
  await tab.evaluate(AXE);
  const found = await tab.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
  });
  assert.deepEqual(found, []);
}

test("the door: the link leaves the address bar, nothing is shown, nothing is mailed before a press", async () => {
  const guest = await arrives(ANNA, { title: "Merger plans", body: "<p>Quiet words.</p>" });
  await guest.see("send-code").waitFor();
  assert.equal(new URL(guest.tab.url()).hash, "#invited");
  assert.doesNotMatch(await guest.tab.content(), /Merger|Quiet|Mira/);
  assert.equal(gate.count("/api/hosted/invited/code"), 0);
  await faultless(guest.tab);
  await guest.see("send-code").press("Enter");
  await guest.see("entry-code").waitFor();
  await guest.see("entry-code").fill("ZZZZ-ZZZZ");
  await guest.see("enter").click();
  await guest.see("code-error").filter({ hasText: /\w/ }).waitFor();
  assert.equal(await guest.see("entry-code").inputValue(), "", "a wrong code is cleared");
  // Who looks into the mailbox may find the page loaded anew.
  await guest.tab.reload();
  await guest.see("entry-code").fill(await guest.visitor.mailedCode());
  await guest.see("entry-code").press("Enter");
  await guest.see("invited-title").waitFor();
  assert.equal(await guest.see("invited-title").innerText(), "Merger plans");
  assert.match(await guest.see("invited-by").innerText(), /Mira Okafor asks Anna Weiss/);
  await faultless(guest.tab);
  await guest.tab.reload();
  await guest.see("invited-reading").waitFor();
  await guest.close();
});

test("what a page's author wrote never runs: no script, no request, no dialog, no word to our page", async () => {
  const hostile = `<h2>Scope</h2><p>All of it.</p><script>alert(1);console.log("ran");fetch("/api/ran")</script>
    <img src="https://stranger.example/pixel" onerror="alert(2)" /><p onclick="alert(3)">Press me</p>
    <a href="javascript:alert(4)">Follow me</a><iframe src="https://stranger.example/"></iframe>
    <form action="https://stranger.example/"><input autofocus="autofocus" onfocus="alert(5)" /><button>Send</button></form>`;
  const guest = await arrives(ANNA, { body: hostile });
  const said = [];
  guest.tab.on("dialog", (dialog) => {
    said.push(`dialog ${dialog.message()}`);
    dialog.dismiss().catch(() => {});
  });
  guest.tab.on("console", (message) => said.push(`console ${message.text()}`));
  await guest.tab.exposeBinding("__said", (_, what) => said.push(`message ${what}`));
  await guest.tab.evaluate(() => addEventListener("message", (event) => globalThis.__said(String(event.data))));
  await enters(guest);
  const frame = guest.tab.frameLocator('[data-testid="document"]');
  await frame.getByText("Press me").click();
  await frame.getByText("Follow me").click();
  assert.equal(await guest.see("document").getAttribute("sandbox"), "");
  // The frame's own lack of rights holds by itself, even if a document came through as it was written.
  await guest.tab.route("**/hosted/document", (route) => route.fulfill({
    contentType: "text/html",
    body: `<p id="there">There</p><script>alert(6);console.log("ran");parent.postMessage("ran","*");fetch("/api/ran")</script>
      <form id="f" action="https://stranger.example/"></form><script>document.getElementById("f").submit()</script>`,
  }));
  await guest.tab.reload();
  await frame.locator("#there").waitFor();
  await new Promise((resolve) => setTimeout(resolve, 300));
  // Chromium's own remark about the blocked script of the test's document is no word of the script.
  const heard = said.filter((one) => !/Blocked script execution in/.test(one));
  assert.deepEqual(heard, []);
  assert.deepEqual(guest.watch.requests.filter((url) => /stranger|\/api\/ran/.test(url)), []);
  assert.deepEqual(guest.watch.strangers, []);
  await guest.context.close();
});

test("approved by keyboard, with a code mailed for it; a reload says what was recorded", async () => {
  const guest = await arrives(OMAR, { attach: [["controls.txt", "one, two"]] });
  await enters(guest);
  const saved = guest.tab.waitForEvent("download");
  await guest.see("attachment").first().click();
  assert.equal((await saved).suggestedFilename(), "controls.txt");
  await guest.see("invited-approve").press("Enter");
  await guest.see("shown").waitFor();
  assert.equal(await guest.tab.evaluate(() => document.activeElement.id), "dialog-title", "a new step is read from its beginning");
  await faultless(guest.tab);
  await guest.see("comment").fill("As we agreed.");
  await guest.see("mail-me").press("Enter");
  await guest.see("mailed").waitFor();
  await guest.see("code").fill(await guest.visitor.mailedCode());
  await guest.see("code").press("Enter");
  await guest.see("invited-answered").waitFor();
  assert.match(await guest.see("answered-sentence").innerText(), ANSWERED);
  await faultless(guest.tab);
  const decided = (await site.journal(`page/${guest.page}`)).findLast((row) => row.kind === "decided").entry.event;
  assert.equal(decided.decision, "approve");
  assert.match(JSON.stringify(decided.invited), /mailbox control, no account/);
  await guest.tab.reload();
  await guest.see("invited-answered").waitFor();
  await guest.close();
});

test("with an authenticator of one's own, recovery codes and all; then a rejection that says why", async () => {
  const guest = await arrives(ANNA);
  await enters(guest);
  await guest.see("own-factor-begin").click();
  await guest.see("enrol-begin").click();
  const key = (await guest.see("key-text").innerText()).replace(/\s/g, "");
  site.authenticators.add(ANNA.email, key);
  await guest.see("first-code").fill(await guest.visitor.code());
  await guest.see("enrol-confirm").click();
  await guest.see("codes-stored").check();
  await guest.see("codes-done").click();
  await guest.see("own-factor").waitFor();
  await guest.see("invited-reject").click();
  await guest.see("shown").waitFor();
  assert.equal(await guest.see("mail-me").count(), 0, "a mailed code counts no longer");
  await guest.see("code").fill(await guest.visitor.code());
  await guest.see("sign").click();
  await guest.tab.locator("#comment-error").filter({ hasText: /\w/ }).waitFor();
  await guest.see("comment").fill("Section 2 is not what we agreed.");
  await guest.see("sign").click();
  await guest.see("invited-answered").waitFor();
  const decided = (await site.journal(`page/${guest.page}`)).findLast((row) => row.kind === "decided").entry.event;
  assert.equal(decided.decision, "reject");
  assert.match(JSON.stringify(decided.invited), /own factor, no account/);
  await guest.close();
});

test("abstaining takes a reason and no code", async () => {
  const guest = await arrives(OMAR);
  await enters(guest);
  await guest.see("invited-abstain").click();
  await guest.see("comment").fill("Not my field.");
  await guest.see("abstain-confirm").click();
  await guest.see("invited-answered").waitFor();
  assert.equal((await site.journal(`page/${guest.page}`)).some((row) => row.kind === "abstained"), true);
  await guest.close();
});

test("revoked while it is read: with the next press nothing of the page is left on screen", async () => {
  const guest = await arrives(OMAR, { title: "Salary bands" });
  await enters(guest);
  (await site.as(AUTHOR).on(guest.page).call("/api/invite/revoke", { invitation: guest.invitation.id })).good();
  await guest.see("invited-approve").click();
  await guest.see("invited-over").waitFor();
  assert.doesNotMatch(await guest.tab.content(), /Salary/);
  assert.equal(await guest.see("document").count(), 0);
  await faultless(guest.tab);
  await guest.tab.goto(guest.visitor.url);
  await guest.tab.reload();
  await guest.see("invited-over").waitFor();
  await guest.close();
});

test("after half an hour a code is asked for again, at the door and without what was shown", async () => {
  const guest = await arrives(ANNA, { title: "Salary bands" });
  await enters(guest);
  await site.advance(31 * 60_000);
  await guest.see("invited-abstain").click();
  await guest.see("abstain-confirm").click();
  await guest.see("door-remark").waitFor();
  assert.doesNotMatch(await guest.tab.content(), /Salary/);
  await enters(guest);
  await guest.close();
});

test("without a connection it says so, and goes on afterwards", async () => {
  const guest = await arrives(OMAR);
  await guest.see("send-code").waitFor();
  const cut = gate.cut("/api/hosted/invited/code");
  await guest.see("send-code").click();
  await guest.see("problem").waitFor();
  cut.mend();
  await guest.see("send-code").click();
  await guest.see("entry-code").waitFor();
  await guest.close();
});
