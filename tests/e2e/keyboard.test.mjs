// The whole way from reading to signing with the keyboard alone.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { AUTHOR, JONAS } from "../support/identities.mjs";
import { stackForFile } from "./files.mjs";
import { says } from "./visitor.mjs";

/** More presses than there are stops on the page. */
const STOPS = 60;

describe("by keyboard alone", () => {
  const held = stackForFile();
  let me, keys;
  before(async () => {
    await held.stack.submit(AUTHOR);
    me = await held.visitor(JONAS);
    keys = me.page.keyboard;
    await me.read();
    await me.page.locator("body").press("Home");
  });

  /** What has the focus inside the macro's frame: its test id or id, and its text. */
  const focused = () =>
    me.macro.locator("html").evaluate(() => {
      const { activeElement: element } = document;
      if (!document.hasFocus() || element === document.body) return null;
      return { id: element.dataset.testid ?? element.id, inDialog: element.closest("dialog") !== null };
    });

  async function tabTo(id, key = "Tab") {
    const passed = [];
    for (let press = 0; press < STOPS; press += 1) {
      const now = await focused();
      passed.push(now?.id ?? "-");
      if (now?.id === id) return;
      await keys.press(key);
    }
    assert.fail(`${id} was not reached by ${key}: ${passed.join(" ")}`);
  }

  const focusIs = async (id) => assert.equal((await focused())?.id, id);

  test("Tab reaches the button in the macro, and Enter opens the dialog at its heading", async () => {
    await tabTo("approve");
    await keys.press("Enter");
    await me.reads("dialog", "Set up your authenticator");
    await focusIs("dialog-title");
  });

  test("the focus shows: a ring around what has it", async () => {
    await tabTo("enrol-begin");
    const ring = await me.see("enrol-begin").evaluate((button) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(button);
      return { outlineStyle, outlineWidth, boxShadow };
    });
    assert.ok((ring.outlineStyle !== "none" && ring.outlineWidth !== "0px") || ring.boxShadow !== "none", JSON.stringify(ring));
  });

  test("Escape closes it and the focus is back on the button", async () => {
    await keys.press("Escape");
    await me.dialogIsGone();
    await focusIs("approve");
  });

  test("Tab and Shift+Tab stay inside the dialog", async () => {
    await keys.press("Enter");
    await me.see("dialog").waitFor();
    for (const key of ["Tab", "Shift+Tab"]) {
      const stops = new Set();
      for (let press = 0; press < 12; press += 1) {
        await keys.press(key);
        const now = await focused();
        assert.ok(now?.inDialog, `${key} left the dialog after ${[...stops].join(" ")}`);
        stops.add(now.id);
      }
      assert.ok(stops.has("enrol-begin") && stops.has("cancel") && stops.has("close"), [...stops].join(" "));
    }
  });

  test("enrolling: each step is announced and takes the focus", async () => {
    await tabTo("enrol-begin");
    await keys.press("Enter");
    await me.see("mail-code").waitFor();
    await focusIs("mail-code");
    await keys.type("AAAA-AAA");
    await keys.press("Enter");
    const error = me.see("code-error");
    await says(error, /./);
    assert.equal(await error.getAttribute("role"), "alert");
    assert.equal(await me.see("mail-code").getAttribute("aria-invalid"), "true");
    assert.ok((await me.see("mail-code").getAttribute("aria-describedby")).includes(await error.getAttribute("id")));
    await keys.press("Control+a");
    await keys.type(await me.mailedCode());
    await me.page.bringToFront();
    await keys.press("Enter");
    await me.see("key-text").waitFor();
    await focusIs("dialog-title");
    const key = (await me.see("key-text").innerText()).replace(/\s/g, "");
    held.stack.authenticators.add(JONAS.account, key);
    await tabTo("first-code");
    await keys.type(await me.code());
    await keys.press("Enter");
    await me.see("codes").waitFor();
    await focusIs("dialog-title");
    await tabTo("codes-done");
    await keys.press("Enter");
    await focusIs("codes-stored");
    await keys.press("Space");
    await tabTo("codes-done");
    await keys.press("Enter");
    await me.see("shown").waitFor();
    await focusIs("dialog-title");
  });

  test("signing: comment, code, Enter", async () => {
    await tabTo("comment");
    await keys.type("Read on paper.");
    await tabTo("code");
    await keys.type(await me.code());
    await keys.press("Enter");
    await me.reads("recorded", "You approved version 1.");
    assert.equal(await me.see("recorded").getAttribute("role"), "status");
  });

  test("afterwards the focus is not lost: it is at the macro's heading", async () => {
    await me.dialogIsGone();
    await me.reads("approved-line", "Version 1 approved by Jonas Lindqvist");
    const where = await me.macro.locator("html").evaluate(() => document.activeElement?.className);
    assert.equal(where, "title");
  });

  test("live regions: what changes is announced", async () => {
    for (const testid of ["confirm-line"]) assert.equal(await me.see(testid).getAttribute("role"), "status");
    await me.see("history").locator("summary").focus();
    await keys.press("Enter");
    await me.see("history-item").first().waitFor();
    await keys.press("Enter");
    await me.see("history-item").first().waitFor({ state: "hidden" });
  });

  test("the byline's popup opens by keyboard, and Escape gives the focus back", async () => {
    const button = me.page.locator("[data-byline] button");
    await button.focus();
    await keys.press("Enter");
    await says(me.popup.getByTestId("approved-line"), "Version 1 approved by Jonas Lindqvist");
    assert.equal(await button.getAttribute("aria-expanded"), "true");
    await keys.press("Escape");
    assert.equal(await button.getAttribute("aria-expanded"), "false");
  });

  test("nothing went wrong out of sight", () => me.watch.clean());
});
