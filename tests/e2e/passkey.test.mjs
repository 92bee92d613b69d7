// Passkeys from the macro and back: set up, used, cancelled, lost. The Worker's own page opens in a tab of its own.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { AUTHOR, JONAS } from "../support/identities.mjs";
import { launch } from "./browser.mjs";
import { Keyring } from "./passkeys.mjs";
import { startStack } from "./stack.mjs";
import { eventually, visit } from "./visitor.mjs";

const keyring = new Keyring();
let stack, browser, jonas;

before(async () => {
  stack = await startStack();
  browser = await launch();
  const mira = await visit(stack, browser, AUTHOR);
  await mira.read();
  await mira.press("submit");
  await mira.press("submit-confirm");
  await mira.dialogIsGone();
  await mira.close();
  jonas = await visit(stack, browser, JONAS);
});
after(async () => {
  await browser?.close();
  await stack?.stop();
});

/** Presses something in the macro that opens the Worker's own page, and gives that page an authenticator. */
async function opens(testid, options) {
  const opened = jonas.context.waitForEvent("page");
  await jonas.press(testid);
  const page = await opened;
  const device = await keyring.into(page, options);
  await page.waitForLoadState();
  return { page, device };
}

test("set-up: proved by mail, made on our own page, confirmed by the same person in the macro", async () => {
  await jonas.read();
  await jonas.press("approve");
  await jonas.see("enrolment").waitFor();
  await jonas.see("kind-passkey").check();
  await jonas.press("enrol-begin");
  await jonas.see("mail-code").waitFor();
  await jonas.type("mail-code", await jonas.mailedCode());
  await jonas.press("mail-code-confirm");
  const { page, device } = await opens("make-passkey");
  await page.getByTestId("open").click();
  await page.getByTestId("go-on").click();
  const check = await page.getByTestId("check").innerText();
  await device.keep();
  await page.close();
  assert.equal(await jonas.see("passkey-check").innerText(), check, "both show the same digits");
  await jonas.press("passkey-confirm");
  await stack.drain();
});

test("use: the verdict is signed and recorded on our own page, and the macro shows it", async () => {
  // Recovery codes may be shown first; a reload leads back to the decision either way.
  await jonas.read();
  await jonas.beginTo("approve");
  await jonas.type("comment", "Read it twice.");
  const { page, device } = await opens("use-passkey");
  await page.getByTestId("open").click();
  assert.equal(await page.getByTestId("comment-said").innerText(), "Read it twice.");
  assert.equal(await page.getByTestId("shown-meaning").innerText(), await jonas.see("shown-meaning").innerText());
  await page.getByTestId("go-on").click();
  await page.getByTestId("done").waitFor();
  await device.keep();
  await page.close();
  await jonas.see("recorded").waitFor();
  const decided = (await stack.journal()).findLast((entry) => entry.event.kind === "decided").event;
  assert.equal(decided.proof.factor.kind, "passkey");
  await eventually("the macro shows it", async () => /approved/i.test(await jonas.see("panel").innerText()));
  await jonas.close();
});
