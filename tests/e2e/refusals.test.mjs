// Every refusal has its own clear message, and nothing that was typed is lost.
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { AUTHOR, JONAS, PRIYA, PROCEDURE_PAGE, REVIEWERS, VIEWER } from "../support/identities.mjs";
import { stackForFile } from "./files.mjs";
import { eventually, says } from "./visitor.mjs";

const COMMENT = "Typed with care: “zwölf” <b>&amp;</b> 日本語";

describe("refusals", () => {
  const held = stackForFile({
    prepare: async (stack) => {
      for (const who of [JONAS, PRIYA]) await stack.enrol(who);
    },
  });
  let page;

  /** A page of its own for each test, in review. */
  beforeEach(async () => {
    held.stack.gate.clear();
    page = await held.stack.sandbox.createPage({ title: "A rule", body: "<p>First rule.</p>" });
    await held.stack.settle();
    await held.stack.submit(AUTHOR, page);
  });

  async function signing(who = JONAS, decision = "approve") {
    const me = await held.visitor(who);
    await me.read(page);
    await me.beginTo(decision);
    await me.type("comment", COMMENT);
    return me;
  }

  const keepsComment = async (me) => assert.equal(await me.see("comment").inputValue(), COMMENT);
  const decisions = async (of = page) => (await held.stack.journal(of)).filter(({ event }) => event.kind === "decided");

  test("a wrong code: said at the field, with the tries left; the comment stays, the next code is accepted", async () => {
    const me = await signing();
    await me.type("code", me.wrongCode());
    await me.press("sign");
    await me.reads("code-error", "The code is not right.");
    await me.reads("code-error", /\b4 (more )?tries\b|\b4\b.*\bleft\b/);
    assert.equal(await me.see("code").getAttribute("aria-invalid"), "true");
    assert.equal(await me.see("code").inputValue(), "", "a code that was wrong is not kept");
    assert.ok(await me.see("code").evaluate((field) => document.activeElement === field), "typing can go on");
    await keepsComment(me);
    await me.type("code", await me.code());
    await me.press("sign");
    await me.reads("recorded", "You approved version 1.");
    await me.dialogIsGone();
    await says(me.macro.locator(".signature.approved .comment"), COMMENT);
    await me.close();
  });

  test("what is no code is not sent and costs no try", async () => {
    const me = await signing();
    const before = held.stack.gate.count("/api/decision");
    for (const [typed, said] of [["", "Enter the six digits"], ["12345", "A code has six digits"], ["12345x", "only the digits 0 to 9"], ["１２３４５６", "only the digits 0 to 9"]]) {
      await me.type("code", typed);
      await me.press("sign");
      await me.reads("code-error", said);
      assert.equal(await me.see("code").inputValue(), typed);
    }
    assert.equal(held.stack.gate.count("/api/decision"), before);
    await me.close();
  });

  test("a code pasted with blanks is taken", async () => {
    const me = await signing();
    const code = await me.code();
    await me.type("code", ` ${code.slice(0, 3)} ${code.slice(3)}`);
    await me.press("sign");
    await me.reads("recorded", "You approved version 1.");
    await me.close();
  });

  test("a code that was used already", async () => {
    const me = await signing();
    const code = await me.code();
    await me.type("code", code);
    await me.press("sign");
    await me.dialogIsGone();
    const first = page;
    page = await held.stack.sandbox.createPage({ title: "Another rule" });
    await held.stack.settle();
    await held.stack.submit(AUTHOR, page);
    await me.read(page);
    await me.beginTo("approve");
    await me.type("comment", COMMENT);
    await me.type("code", code);
    await me.press("sign");
    await me.reads("code-error", "This code was used already.");
    await keepsComment(me);
    assert.deepEqual([(await decisions(first)).length, (await decisions()).length], [1, 0]);
    await me.close();
  });

  test("it took too long: asking again keeps the comment and then works", async () => {
    const me = await signing();
    await held.stack.advance(301_000);
    await me.type("code", await me.code());
    await me.press("sign");
    await me.reads("problem", "The confirmation took too long");
    assert.equal(await me.see("problem").getAttribute("data-kind"), "challenge-expired");
    await keepsComment(me);
    await me.press("problem-step");
    await me.see("shown").waitFor();
    await keepsComment(me);
    await me.type("code", await me.code());
    await me.press("sign");
    await me.reads("recorded", "You approved version 1.");
    await me.close();
  });

  test("the page was edited after the dialog was opened: nothing is signed, reloading is offered, the comment stays", async () => {
    const me = await signing();
    await held.stack.sandbox.edit(page, { text: "<p>Second rule.</p>" });
    await held.stack.settle();
    await me.type("code", await me.code());
    await me.press("sign");
    await me.reads("problem", "The page has changed");
    await me.reads("problem", "it is now at version 2");
    assert.equal(await me.see("problem").getAttribute("data-kind"), "page-moved");
    await keepsComment(me);
    assert.equal((await decisions()).length, 0);
    await Promise.all([me.page.waitForEvent("load"), me.press("problem-step")]);
    await me.confirmed();
    await me.reads("state", "Draft");
    assert.equal(await me.see("approve").count(), 0);
    await held.stack.submit(AUTHOR, page);
    await me.read(page);
    await me.beginTo("approve");
    await me.reads("shown-version", /^2$/);
    await keepsComment(me);
    await me.close();
  });

  test("a page edited while somebody reads it: no buttons for what is not on screen", async () => {
    const me = await held.visitor(JONAS);
    await held.stack.holdEvents();
    await me.read(page);
    // Which version is on screen must be known before the page moves on: Confluence was asked, and has answered.
    await me.page.waitForLoadState("networkidle");
    await held.stack.sandbox.edit(page, { text: "<p>Second rule.</p>" });
    await me.press("approve");
    await me.reads("problem", "The page has changed");
    await me.press("cancel");
    await me.dialogIsGone();
    await me.reads("stale", "The page was changed after you opened it.");
    assert.equal(await me.see("approve").count(), 0);
    await held.stack.releaseEvents();
    await Promise.all([me.page.waitForEvent("load"), me.press("reload")]);
    await me.confirmed();
    await me.reads("state", "Draft");
    await me.close();
  });

  test("somebody who is no reviewer has no buttons; a reviewer who wrote the page is told why", async () => {
    const me = await held.visitor(VIEWER);
    await me.read(page);
    for (const button of ["approve", "reject", "submit"]) assert.equal(await me.see(button).count(), 0, button);
    assert.equal(await me.see("banner-waiting").count(), 0);
    // The author is asked as well, but nobody approves their own work.
    const members = [AUTHOR, JONAS, PRIYA].map(({ account }) => account);
    await held.stack.sandbox.putGroup({ id: REVIEWERS, name: "Policy approvers", members });
    await held.stack.advance(61_000);
    await me.become(AUTHOR);
    await me.confirmed();
    for (const button of ["approve", "reject"]) assert.equal(await me.see(button).count(), 0, button);
    await me.reads("why-not", /so somebody else has to decide/);
    await me.close();
  });

  test("too many wrong codes: locked, with a countdown; no code can be entered, the comment stays", async () => {
    const me = await signing(PRIYA);
    for (let salt = 0; salt < 5; salt += 1) {
      await me.type("code", me.wrongCode(salt));
      const answered = held.stack.gate.count("/api/decision");
      await me.press("sign");
      await eventually("the code is answered", () => held.stack.gate.count("/api/decision") > answered);
      if (salt < 4) await me.reads("code-error", "The code is not right.");
    }
    await me.reads("locked", "Too many wrong codes");
    await says(me.see("locked").getByTestId("countdown"), /^(1:00|0:\d\d)$/);
    assert.ok(await me.see("code").isDisabled());
    assert.equal(await me.see("sign").getAttribute("aria-disabled"), "true");
    await keepsComment(me);
    await me.press("cancel");
    await me.dialogIsGone();
    await me.reads("locked", "codes are refused for another");
    assert.equal(await me.see("approve").getAttribute("aria-disabled"), "true");
    await me.see("approve").click({ force: true });
    assert.equal(await me.see("dialog").count(), 0);
    // The pause is over; the page notices by itself when it is looked at again.
    await held.stack.advance(61_000);
    await me.read(page);
    await me.beginTo("approve");
    await keepsComment(me);
    await me.type("code", await me.code());
    await me.press("sign");
    await me.reads("recorded", "You approved version 1.");
    await me.close();
  });

  test("pressing Sign twice makes one entry", async () => {
    const me = await signing();
    await me.type("code", await me.code());
    await me.see("sign").evaluate((button) => {
      button.click();
      button.click();
    });
    await me.reads("recorded", "You approved version 1.");
    assert.equal((await decisions()).length, 1);
    await me.close();
  });

  test("an answer that is lost on the way: checking again finds the one entry", async () => {
    const me = await signing();
    await me.type("code", await me.code());
    held.stack.gate.cut("/api/decision", "answer", 1);
    await me.press("sign");
    await me.reads("problem", "Countersign can’t be reached");
    await keepsComment(me);
    await me.press("problem-step");
    await me.reads("recorded", "It had been recorded the first time already.");
    assert.equal((await decisions()).length, 1);
    await me.close();
  });

  test("offline in the dialog: said so, nothing lost, and it goes on afterwards", async () => {
    const me = await signing();
    await me.type("code", await me.code());
    await me.context.setOffline(true);
    await me.press("sign");
    await me.reads("problem", /you are offline/i);
    await me.reads("problem", /what you typed is kept|nothing you typed is lost/i);
    await keepsComment(me);
    assert.match(await me.see("code").inputValue(), /^\d{6}$/);
    await me.context.setOffline(false);
    await me.press("problem-step");
    await me.reads("recorded", "You approved version 1.");
    await me.close();
  });

  test("Countersign can't be reached: said so, and a press tries again", async () => {
    const me = await held.visitor(VIEWER);
    const line = held.stack.gate.cut("/api/");
    await me.open(page);
    await me.reads("problem", "Countersign can’t be reached");
    line.mend();
    await me.press("problem-step");
    await me.reads("state", "In Review");
    await me.close();
  });

  test("a submission that does not get through keeps its comment", async () => {
    await held.stack.sandbox.edit(PROCEDURE_PAGE, { text: "<p>Other steps.</p>" });
    await held.stack.settle();
    const me = await held.visitor(AUTHOR);
    await me.read(PROCEDURE_PAGE);
    await me.press("submit");
    await me.type("comment", COMMENT);
    const line = held.stack.gate.cut("/api/submit", "request");
    await me.press("submit-confirm");
    await me.reads("problem", "Countersign can’t be reached");
    await keepsComment(me);
    await me.press("cancel");
    await me.dialogIsGone();
    line.mend();
    await me.press("submit");
    await keepsComment(me);
    await me.press("submit-confirm");
    await me.dialogIsGone();
    await me.reads("review", COMMENT);
    await me.close();
  });

  test("a comment longer than allowed is not sent, and not cut", async () => {
    const me = await signing();
    const long = "ä".repeat(10_000);
    await me.type("comment", long);
    await me.reads("comment-count", "10000 of 4000 characters");
    await me.type("code", await me.code());
    await me.press("sign");
    await says(me.macro.locator("#comment-error"), "too long");
    assert.equal((await me.see("comment").inputValue()).length, 10_000);
    await me.close();
  });
});
