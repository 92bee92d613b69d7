// The whole story, by clicking as people do: each test goes on where the one before ended.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { AUTHOR, GUEST, JONAS, POLICY_PAGE, PRIYA, PROCEDURE_PAGE, SPACE, VIEWER } from "../support/identities.mjs";
import { stackForFile } from "./files.mjs";
import { eventually, says } from "./visitor.mjs";

const MEANING = "I have reviewed this version and approve it for use.";

describe("a policy is written, reviewed, approved, changed and rejected", () => {
  const held = stackForFile();
  let me;
  before(async () => {
    me = await held.visitor(AUTHOR);
  });

  test("the author sees the macro in the text and the byline under the title, both Draft", async () => {
    await me.read();
    await me.reads("state", "Draft");
    await me.reads("approved-line", "No version of this page has been approved yet.");
    await says(me.byline(), "Draft");
    assert.equal(await me.see("approve").count(), 0, "nothing to approve yet");
  });

  test("the author submits it with a comment", async () => {
    await me.press("submit");
    await me.reads("dialog", "version 1");
    await me.type("comment", "Yearly review, rule 2 is new.");
    await me.press("submit-confirm");
    await me.dialogIsGone();
    await me.reads("state", "In Review");
    await me.reads("review", "Version 1 is being reviewed. Submitted by Mira Okafor");
    await me.reads("review", "Yearly review, rule 2 is new.");
    assert.equal(await me.see("approve").count(), 0, "authors do not approve their own work");
  });

  test("the byline follows", async () => {
    await held.stack.settle();
    await me.page.reload();
    await says(me.byline(), "In Review: version 1");
  });

  test("an approver sees that it waits for them", async () => {
    await me.become(JONAS);
    await me.confirmed();
    await me.reads("banner-waiting", "This page waits for your decision");
    await me.reads("review", "Yearly review, rule 2 is new.");
  });

  test("pressing Approve, they set up an authenticator: a mailed code, the key, a first code", async () => {
    await me.press("approve");
    await me.reads("dialog", "Set up your authenticator");
    await me.press("enrol-begin");
    await me.reads("sent-to", /^j•+@example\.com$/);
    await me.type("mail-code", await me.mailedCode());
    await me.press("mail-code-confirm");
    const qr = me.see("qr");
    await qr.waitFor();
    await eventually("the QR code is drawn", () => qr.evaluate((image) => image.complete && image.naturalWidth > 50));
    const key = (await me.see("key-text").innerText()).replace(/\s/g, "");
    assert.match(key, /^[A-Z2-7]{32}$/, "160 bits in base32");
    held.stack.authenticators.add(JONAS.account, key);
    await me.type("first-code", await me.code());
    await me.press("enrol-confirm");
    assert.equal(new Set(await me.storeCodes()).size, 10);
    await me.see("shown").waitFor();
  });

  test("then they see exactly what they are about to sign", async () => {
    await me.reads("shown-title", "Information Security Policy");
    await me.reads("shown-version", /^1$/);
    await me.reads("changes", "No version of this page has been approved before");
    assert.equal(await me.see("changes").getAttribute("data-changes"), "first");
    await me.reads("shown-meaning", MEANING);
    await me.reads("not-covered", "Not covered: included pages");
  });

  test("six digits, and the page shows who approved which version, when and with what meaning", async () => {
    await me.type("comment", "Reads well.");
    await me.type("code", await me.code());
    await me.press("sign");
    await me.reads("recorded", "You approved version 1.");
    await me.dialogIsGone();
    await me.reads("state", "Approved");
    await me.reads("approved-line", /^Version 1 approved by Jonas Lindqvist$/);
    const signature = me.macro.locator(".signature.approved");
    await says(signature, `“${MEANING}”`);
    await says(signature, /Jonas Lindqvist approved · .*20\d\d.*\(just now\)/);
    await says(signature, "Confirmed with a code");
    await says(signature, "Reads well.");
    await me.reads("confirm-line", "This is the version you see.");
  });

  test("a viewer sees that at once, then that it is the version they see, and the history", async () => {
    await held.stack.settle();
    await me.page.getByRole("link", { name: "Overview" }).first().click();
    await me.become(VIEWER);
    const confirm = held.stack.gate.hold("/api/confirm");
    await me.page.getByRole("link", { name: "Information Security Policy" }).first().click();
    await me.reads("approved-line", "Version 1 approved by Jonas Lindqvist");
    await me.reads("confirm-line", "Checking whether this is the version you see");
    await confirm.arrived;
    confirm.release();
    await me.reads("confirm-line", /^This is the version you see\.$/);
    await me.see("history").locator("summary").click();
    const lines = await me.see("history-item").allInnerTexts();
    const story = lines.join("\n");
    for (const line of ["Jonas Lindqvist approved version 1", "Mira Okafor submitted version 1 for review", "came under this workflow"]) {
      assert.ok(story.includes(line), `${line} is missing in\n${story}`);
    }
    assert.ok(story.indexOf("approved version 1") < story.indexOf("submitted version 1"), "newest first");
    for (const button of ["approve", "reject", "submit"]) assert.equal(await me.see(button).count(), 0, button);
  });

  test("the byline says so, and its popup tells the same", async () => {
    await says(me.byline(), "Approved: version 1");
    await me.page.locator("[data-byline] button").click();
    await says(me.popup.getByTestId("approved-line"), "Version 1 approved by Jonas Lindqvist");
    await says(me.popup.getByTestId("confirm-line"), "This is the version you see.");
    assert.equal(await me.popup.getByTestId("history").count(), 0, "the popup is small");
    await me.page.keyboard.press("Escape");
  });

  test("a guest sees it too, confirmed by the edge", async () => {
    await me.become(GUEST);
    await me.reads("approved-line", "Version 1 approved by Jonas Lindqvist");
    await me.reads("confirm-line", /^This is the version you see\.$/);
  });

  test("the author edits the page: back to Draft, and everybody sees what is approved and that it changed", async () => {
    await me.become(AUTHOR);
    await me.edit("Lost keys are reported too.");
    await says(me.page.locator(".page .body"), "Lost keys are reported too.");
    for (const who of [AUTHOR, VIEWER, GUEST, JONAS]) {
      await me.become(who);
      await me.confirmed();
      await me.reads("state", "Draft");
      await me.reads("approved-line", "Version 1 approved by Jonas Lindqvist");
      await me.reads("confirm-line", "Changed since: the page is now at version 2.");
      await says(me.byline(), "Draft (changed since version 1 was approved)");
    }
  });

  test("it is submitted again; another approver is shown what changed", async () => {
    await me.become(AUTHOR);
    await me.confirmed();
    await me.press("submit");
    await me.press("submit-confirm");
    await me.dialogIsGone();
    await me.reads("state", "In Review");
    await me.become(PRIYA);
    await me.confirmed();
    await me.press("reject");
    await me.enrol();
    await me.see("shown").waitFor();
    await me.reads("shown-version", /^2$/);
    assert.equal(await me.see("changes").getAttribute("data-changes"), "since");
    await me.reads("changes", "Changed since version 1, the last approved one");
    const added = await me.see("changes").locator("ins").allInnerTexts();
    assert.deepEqual(added, ["Lost keys are reported too."]);
    assert.equal(await me.see("changes").locator("del").count(), 0, "nothing was taken away");
  });

  test("a rejection without a comment is refused, and what was typed stays", async () => {
    const code = await me.code();
    await me.type("code", code);
    await me.press("sign");
    await says(me.macro.locator("#comment-error"), "Say why");
    assert.equal(await me.see("code").inputValue(), code);
    assert.equal(await me.macro.locator("#comment").evaluate((field) => document.activeElement === field), true);
    await me.type("comment", "Say where keys are reported.");
    await me.press("sign");
    await me.reads("recorded", "You rejected version 2.");
    await me.dialogIsGone();
    await me.reads("state", "Draft");
    await me.reads("approved-line", "Version 1 approved by Jonas Lindqvist");
  });

  test("the author sees the rejection with its comment, and may submit again", async () => {
    await me.become(AUTHOR);
    await me.confirmed();
    await me.see("history").locator("summary").click();
    const story = (await me.see("history-item").allInnerTexts()).join("\n");
    assert.ok(story.includes("Priya Raman rejected version 2"), story);
    assert.ok(story.includes("Say where keys are reported."), story);
    await me.see("submit").waitFor();
  });

  test("the approver who approved before approves the next version: the claim moves on", async () => {
    await me.edit("Keys are reported at the front desk.");
    await me.confirmed();
    await me.press("submit");
    await me.press("submit-confirm");
    await me.dialogIsGone();
    await me.become(JONAS);
    await me.confirmed();
    await me.beginTo("approve");
    await me.reads("changes", "Keys are reported at the front desk.");
    await me.reads("changes", "Lost keys are reported too.");
    await me.type("code", await me.code());
    await me.press("sign");
    await me.dialogIsGone();
    await me.reads("approved-line", "Version 3 approved by Jonas Lindqvist");
    await me.reads("confirm-line", "This is the version you see.");
  });

  test("the space page lists the pages, those that wait for the person first", async () => {
    await held.stack.submit(AUTHOR, PROCEDURE_PAGE);
    await me.become(PRIYA);
    await me.page.getByRole("link", { name: "Approvals" }).first().click();
    const frame = me.frame("approval-space");
    await says(frame.getByTestId("banner-waiting"), "1 page waits for your decision.");
    const rows = frame.getByTestId("space-row");
    await says(rows.nth(0), "Access Control Procedure");
    await says(rows.nth(0), "Waits for you");
    await says(rows.nth(1), "Information Security Policy");
    await says(rows.nth(1), "Version 3");
    assert.equal(await rows.count(), 2, "Team Lunch is under no workflow");
    await rows.nth(1).getByRole("button").click();
    await me.page.waitForURL(`**/wiki/spaces/${SPACE.key}/pages/${POLICY_PAGE}`);
    await me.confirmed();
    await me.reads("state", "Approved");
  });

  test("nothing went wrong out of sight", () => me.watch.clean());
});
