// Somebody looks after what they confirm with: setting up, a second one, renewal, expiry, loss and recovery, removal.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { AUTHOR, JONAS } from "../support/identities.mjs";
import { codeOf, stepAt } from "../support/totp.mjs";
import { stackForFile } from "./files.mjs";
import { says, visit } from "./visitor.mjs";

const DAY = 24 * 3600_000;

describe("one's own ways to confirm", () => {
  const held = stackForFile({ prepare: (stack) => stack.submit(AUTHOR) });
  let me;
  let codes;
  let tablet;
  const codeNow = (key) => codeOf(key, stepAt(held.stack.now()));
  const openList = async () => {
    await me.press("mine");
    await me.press("part-factors");
    await me.see("factors-dialog").waitFor();
  };
  const factors = () => me.see("factor");

  before(async () => {
    me = await visit(held.stack, held.browser, JONAS);
    await me.read();
  });
  after(() => me?.close());

  test("nothing is set up: the list says what for, and leads through it", async () => {
    await openList();
    await me.reads("factors-none", "Nothing is set up yet");
    await me.press("factor-add");
    await me.type("factor-name", "Work phone");
    await me.press("enrol-begin");
    await me.see("mail-code").waitFor();
    await me.type("mail-code", await me.mailedCode());
    await me.press("mail-code-confirm");
    const key = (await me.see("key-text").innerText()).replace(/\s/g, "");
    held.stack.authenticators.add(JONAS.account, key);
    await me.type("first-code", await me.code());
    await me.press("enrol-confirm");
    await me.see("codes").waitFor();
  });

  test("the recovery codes are shown once, can be printed, and are left only once they are stored", async () => {
    const file = await me.see("codes-save").getAttribute("href");
    assert.match(decodeURIComponent(file), /10\. [0-9A-Z-]{29}\n$/);
    await me.page.emulateMedia({ media: "print" });
    assert.equal(await me.see("codes").isVisible(), true);
    assert.equal(await me.see("codes-done").isVisible(), false);
    const ink = await me.see("codes").evaluate((list) => getComputedStyle(list).color);
    assert.equal(ink, "rgb(0, 0, 0)");
    await me.page.emulateMedia({ media: null });
    await me.press("codes-done");
    await says(me.macro.locator("#codes-error"), "Store the codes first");
    codes = await me.storeCodes();
    assert.equal(codes.length, 10);
    await me.reads("codes-left", "10 left");
    await says(factors().first(), "Work phone");
  });

  test("a second one is confirmed with a code of the first", async () => {
    await me.press("factor-add");
    await me.type("factor-name", "Tablet");
    await me.press("enrol-begin");
    await me.see("code").waitFor();
    await me.type("code", await me.code());
    await me.press("enrol-prove");
    tablet = (await me.see("key-text").innerText()).replace(/\s/g, "");
    await me.type("first-code", codeNow(tablet));
    await me.press("enrol-confirm");
    await me.reads("factors-said", "It is set up");
    assert.equal(await factors().count(), 2);
  });

  test("one gets another name", async () => {
    await factors().nth(1).getByTestId("factor-rename").click();
    await me.type("factor-name", "<i>Tablet</i>");
    await me.press("rename-save");
    await says(factors().nth(1), "<i>Tablet</i>");
  });

  test("a month later both have expired: it is explained, and a code of its own renews one", async () => {
    await me.press("cancel");
    await held.stack.advance(31 * DAY);
    // A month on, the platform has brought another token of the app long ago.
    await held.stack.sandbox.control("POST", "schedule");
    await held.stack.settle();
    await me.read();
    await openList();
    await says(factors().first(), "Expired");
    await says(factors().first(), "it counts for nothing until you renew it");
    await factors().first().getByTestId("factor-renew").click();
    await me.see("code").waitFor();
    await me.type("code", me.wrongCode());
    await me.press("act-confirm");
    await me.reads("code-error", /\w/);
    await me.type("code", await me.code());
    await me.press("act-confirm");
    await me.reads("factors-said", "It is renewed");
    assert.equal(await factors().first().getAttribute("data-stage"), "counts");
  });

  test("the phone is lost: a recovery code sets up another one in its place", async () => {
    await factors().first().getByTestId("factor-replace").click();
    await me.type("factor-name", "New phone");
    await me.press("enrol-begin");
    await me.press("way-recovery-code");
    await me.type("code", codes[0].toLowerCase());
    await me.press("enrol-prove");
    const key = (await me.see("key-text").innerText()).replace(/\s/g, "");
    held.stack.authenticators.add(JONAS.account, key);
    await me.type("first-code", await me.code());
    await me.press("enrol-confirm");
    await me.reads("factors-said", "It is set up");
    await me.reads("codes-left", "9 left");
    const names = (await factors().allInnerTexts()).join("\n");
    assert.ok(names.includes("New phone") && !names.includes("Work phone"), names);
  });

  test("why one is asked is told from here, with what one has and since when the policy is in force", async () => {
    await me.press("factors-why");
    await me.reads("why-policy", /Version 1 of the policy, in force since /);
    await me.reads("why-has", "an authenticator app");
    await says(me.see("why-row").filter({ hasText: "Approve a page" }), /authenticator app.*Each time.*Verdicts and changes of the rules/s);
    await says(me.see("why-row").filter({ hasText: "Submit a page for review" }), "Nothing is asked");
    await me.press("why-back");
    await factors().first().waitFor();
  });

  test("the last one goes only after a warning", async () => {
    await factors().filter({ hasText: "Tablet" }).getByTestId("factor-remove").click();
    await me.see("code").waitFor();
    await me.type("code", await me.code());
    await me.press("act-confirm");
    await me.reads("factors-said", "It is removed");
    await factors().first().getByTestId("factor-remove").click();
    await me.see("last-warning").waitFor();
    await me.press("even-the-last");
    await me.press("act-confirm");
    await me.see("code").waitFor();
    await me.press("cancel");
    await factors().first().waitFor();
    assert.equal(await factors().count(), 1);
  });

  test("“this wasn't me” locks at once, and says who helps", async () => {
    await me.press("not-me");
    await me.press("not-me-lock");
    await me.reads("factors-said", "Your codes are locked");
    await me.see("locked").waitFor();
    await me.press("cancel");
  });

  test("nothing went wrong out of sight", () => me.watch.clean());
});
