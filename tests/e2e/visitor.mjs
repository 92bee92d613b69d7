// Somebody at the browser: looks at pages of the site and presses what people press.
import assert from "node:assert/strict";
import { POLICY_PAGE, SPACE } from "../support/identities.mjs";
import { watchedContext } from "./browser.mjs";
import { MAILED_CODE } from "./stack.mjs";

/** How long something may take to show, in milliseconds: the machine may be busy. */
export const PATIENCE = 15_000;

/** Opens a browser window; `who` is signed in. */
export async function visit(stack, browser, who, options) {
  const { context, watch } = await watchedContext(browser, options);
  context.setDefaultTimeout(PATIENCE);
  await context.addCookies([{ name: "sandbox-person", value: who.account, url: stack.url }]);
  return new Visitor({ stack, context, watch, who, page: await context.newPage() });
}

class Visitor {
  constructor(parts) {
    Object.assign(this, parts);
  }

  /** What is in the frame of the macro. */
  get macro() {
    return this.page.frameLocator('iframe[data-module="approval-macro"]');
  }

  /** What is in the byline's popup. */
  get popup() {
    return this.page.frameLocator('iframe[data-module="approval-byline"]');
  }

  /** What is in the frame of the settings or of the space page. */
  frame(module) {
    return this.page.frameLocator(`iframe[data-module="${module}"]`);
  }

  /** Something in the macro, by its test id. */
  see(testid) {
    return this.macro.getByTestId(testid);
  }

  /** Opens a page. */
  async open(page = POLICY_PAGE) {
    await this.page.goto(`${this.stack.url}/wiki/spaces/${SPACE.key}/pages/${page}`);
    return this;
  }

  /** Opens a page and waits until the macro has learned all it can. */
  async read(page = POLICY_PAGE) {
    await this.open(page);
    await this.confirmed();
    return this;
  }

  /** Waits until the macro has confirmed what it shows and knows what may be done. */
  async confirmed() {
    await this.see("panel").waitFor();
    await this.macro.locator('.confirm:not([data-verdict="checking"])').waitFor({ state: "attached" });
    await this.see("actions").waitFor({ state: "attached" });
  }

  /** Switches to somebody else, by their picture at the top. */
  async become(who) {
    await Promise.all([this.page.waitForNavigation(), this.page.locator(`[data-person="${who.account}"]`).click()]);
    await this.page.locator(`[data-person="${who.account}"][aria-pressed="true"]`).waitFor();
    this.who = who;
  }

  /** Waits until something in the macro reads like this. */
  async reads(testid, expected, where = this.macro) {
    await says(where.getByTestId(testid), expected);
  }

  /** Types into a field, as by keys. */
  async type(testid, text, where = this.macro) {
    await where.getByTestId(testid).fill(text);
  }

  async press(testid, where = this.macro) {
    await where.getByTestId(testid).click();
  }

  /** Reads the newest mailed code in the mailbox, in another tab. */
  async mailedCode() {
    const tab = await this.context.newPage();
    try {
      await this.stack.drain();
      await tab.goto(`${this.stack.url}/mailbox`);
      await tab.getByRole("link", { name: "Your Countersign code" }).first().click();
      const text = await tab.locator(".mail-text").innerText();
      return text.match(MAILED_CODE)[0];
    } finally {
      await tab.close();
    }
  }

  /** Goes through the set-up of an authenticator, which a dialog is showing. */
  async enrol(where = this.macro) {
    await this.press("enrol-begin", where);
    await where.getByTestId("mail-code").waitFor();
    await this.type("mail-code", await this.mailedCode(), where);
    await this.press("mail-code-confirm", where);
    const key = await where.getByTestId("key-text").innerText();
    this.stack.authenticators.add(this.who.account, key.replace(/\s/g, ""));
    await this.type("first-code", await this.code(), where);
    await this.press("enrol-confirm", where);
    await this.storeCodes(where);
  }

  /** Says that the recovery codes on screen are stored; what they are. */
  async storeCodes(where = this.macro) {
    await where.getByTestId("codes-stored").waitFor();
    const codes = await where.getByTestId("codes").locator("li").allInnerTexts();
    await this.press("codes-stored", where);
    await this.press("codes-done", where);
    return codes.map((code) => code.trim());
  }

  /** A code the person's authenticator shows and that was not used yet. */
  code() {
    return this.stack.authenticators.fresh(this.who.account);
  }

  /** A code that is not right. */
  wrongCode(salt = 0) {
    return this.stack.authenticators.wrong(this.who.account, salt);
  }

  /** Opens the dialog to approve or reject and waits for what is to be signed. */
  async beginTo(decision) {
    await this.press(decision);
    await this.see("shown").waitFor();
  }

  /** The dialog is gone. */
  async dialogIsGone() {
    await this.see("dialog").waitFor({ state: "detached" });
  }

  /** Writes the page anew with the editor: the text is put at its end. */
  async edit(text, page = POLICY_PAGE) {
    await this.page.goto(`${this.stack.url}/wiki/spaces/${SPACE.key}/pages/${page}`);
    await this.page.getByRole("link", { name: "Edit", exact: true }).click();
    const body = this.page.locator("#editor");
    await body.click();
    await this.page.keyboard.press("Control+End");
    await this.page.keyboard.press("Enter");
    await this.page.keyboard.type(text);
    await Promise.all([this.page.waitForURL(/\/pages\/\d+$/), this.page.locator("#publish").click()]);
    await this.stack.settle();
  }

  /** Text the site shows in the byline. */
  byline() {
    return this.page.locator("[data-byline-label]");
  }

  async close() {
    this.watch.clean();
    await this.context.close();
  }
}

/** Waits until an element's text fits. */
export async function says(locator, expected) {
  const fits = (text) => (typeof expected === "string" ? text.includes(expected) : expected.test(text));
  const until = Date.now() + PATIENCE;
  let text = "";
  for (;;) {
    text = await locator.innerText({ timeout: 2000 }).catch((error) => `(${String(error.message).split("\n")[0]})`);
    text = text.replace(/\s+/g, " ").trim();
    if (fits(text)) return text;
    if (Date.now() > until) assert.fail(`expected ${expected}, read ${JSON.stringify(text)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Waits until something comes true. */
export async function eventually(what, probe) {
  const until = Date.now() + PATIENCE;
  let last;
  for (;;) {
    try {
      last = await probe();
      if (last) return last;
    } catch (error) {
      last = error;
    }
    if (Date.now() > until) assert.fail(`${what}: ${last instanceof Error ? last.message : JSON.stringify(last)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
