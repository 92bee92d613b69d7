// How people confirm, in the browser: why they are asked, what their signature means, sessions, naming oneself, and acts
// that are confirmed like verdicts.
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { AUTHOR, JONAS, POLICY_PAGE } from "../support/identities.mjs";
import { plantPolicy } from "../support/plant-policy.mjs";
import { rule, session } from "../support/rules.mjs";
import { stackForFile } from "./files.mjs";
import { says } from "./visitor.mjs";

const COMMENT = "Typed with care: “zwölf” <b>&amp;</b> 日本語";
const MEANINGS = ["I reviewed this version", "I approve this version for use <b>everywhere</b>"];

describe("confirming", () => {
  const held = stackForFile({
    prepare: async (stack) => {
      for (const who of [AUTHOR, JONAS]) await stack.enrol(who);
      await stack.submit(AUTHOR, POLICY_PAGE);
    },
  });
  let page;

  const rules = (...all) => {
    const { stack } = held;
    const journal = async () => {
      const rows = await stack.worker.sql("SELECT * FROM journal WHERE stream = 'policy' ORDER BY seq");
      return rows.map((row) => ({ ...row, entry: JSON.parse(row.entry) }));
    };
    const site = { journal, now: () => Math.floor(stack.now()), sql: (...words) => stack.worker.sql(...words) };
    return plantPolicy(site, () => ({ rules: all }));
  };

  beforeEach(async () => {
    held.stack.gate.clear();
    await held.stack.worker.sql("DELETE FROM session");
    await rules();
    page = await held.stack.sandbox.createPage({ title: "A rule", body: "<p>First rule.</p>" });
    await held.stack.settle();
  });

  async function signing() {
    await held.stack.submit(AUTHOR, page);
    const me = await held.visitor(JONAS);
    await me.read(page);
    await me.beginTo("approve");
    return me;
  }
  const decided = async () => (await held.stack.journal(page)).filter(({ event }) => event.kind === "decided");

  test("why one is asked is told on request", async () => {
    await rules(rule(["approve"], {}, { name: "Signatures <i>of the board</i>" }));
    const me = await signing();
    assert.equal(await me.see("why").locator("ul").isVisible(), false);
    await me.see("why").locator("summary").press("Enter");
    await says(me.see("why").locator("li"), /Signatures <i>of the board<\/i>.*everyone/);
    // The whole of it, and back to what was typed.
    await me.type("comment", "Half a sentence");
    await me.press("why-more");
    await me.reads("why-policy", /Version \d+ of the policy, in force since /);
    await says(me.see("why-row").filter({ hasText: "Approve a page" }), "Signatures <i>of the board</i>");
    await me.press("why-back");
    await me.see("why").waitFor();
    assert.equal(await me.see("comment").inputValue(), "Half a sentence");
    await me.type("comment", "");
    assert.equal(await me.see("ways").count(), 0, "with one way there is nothing to choose");
    await me.close();
  });

  test("another meaning is another challenge, and costs nothing that was typed", async () => {
    await rules(rule(["approve"], { meanings: MEANINGS }));
    const me = await signing();
    await me.reads("shown-meaning", MEANINGS[0]);
    await me.type("comment", COMMENT);
    const code = await me.code();
    await me.type("code", code);
    await me.see("meaning-0").focus();
    await me.page.keyboard.press("ArrowDown");
    await me.reads("shown-meaning", MEANINGS[1]);
    assert.ok(await me.see("meaning-1").isChecked());
    assert.ok(await me.see("meaning-1").evaluate((field) => document.activeElement === field), "the focus stays");
    assert.equal(await me.see("comment").inputValue(), COMMENT);
    assert.equal(await me.see("code").inputValue(), code);
    await me.press("sign");
    await me.reads("recorded", "You approved version 1.");
    assert.equal((await decided()).at(-1).event.meaning, MEANINGS[1]);
    await me.close();
  });

  test("within a session no code is asked for, and that is said", async () => {
    await rules(rule(["approve", "reject"], session(60)));
    const me = await signing();
    await me.reads("session", /nothing is asked again for 1 hour/);
    await me.type("code", await me.code());
    await me.press("sign");
    await me.dialogIsGone();
    page = await held.stack.sandbox.createPage({ title: "Another rule" });
    await held.stack.settle();
    await held.stack.submit(AUTHOR, page);
    await me.read(page);
    await me.beginTo("approve");
    await me.reads("session", /no code is needed/);
    assert.equal(await me.see("code").count(), 0);
    await me.press("sign");
    await me.reads("recorded", "You approved version 1.");
    await me.close();
  });

  test("a session that ended meanwhile: what to do is said, the comment stays, and then it works", async () => {
    await rules(rule(["approve"], session(60)));
    const first = await signing();
    await first.type("code", await first.code());
    await first.press("sign");
    await first.dialogIsGone();
    page = await held.stack.sandbox.createPage({ title: "Another rule" });
    await held.stack.settle();
    await held.stack.submit(AUTHOR, page);
    await first.read(page);
    await first.beginTo("approve");
    await first.type("comment", COMMENT);
    await held.stack.worker.sql("UPDATE session SET ended_at = 1");
    await first.press("sign");
    await first.see("problem").waitFor();
    await first.press("problem-step");
    await first.see("code").waitFor();
    assert.equal(await first.see("comment").inputValue(), COMMENT);
    await first.type("code", await first.code());
    await first.press("sign");
    await first.reads("recorded", "You approved version 1.");
    await first.close();
  });

  test("the first signature of a series names its signer", async () => {
    await rules(rule(["approve"], { ...session(60), part_11: true }));
    const me = await signing();
    await me.type("code", await me.code());
    await me.press("sign");
    await me.reads("identification-error", "Type the e-mail address");
    assert.ok(await me.see("identification").evaluate((field) => document.activeElement === field));
    await me.type("identification", "somebody@example.com");
    await me.press("sign");
    await me.reads("identification-error", "not the e-mail address");
    await me.type("identification", JONAS.email);
    await me.press("sign");
    await me.reads("recorded", "You approved version 1.");
    assert.equal((await decided()).at(-1).event.proof.identified, true);
    await me.close();
  });

  test("a submission is confirmed in the same dialog; going back keeps what was typed", async () => {
    await rules(rule(["submit"]));
    const me = await held.visitor(AUTHOR);
    await me.read(page);
    await me.press("submit");
    await me.type("comment", COMMENT);
    await me.press("submit-confirm");
    await me.reads("confirm-sentence", "Submit this page for review.");
    assert.equal(await me.see("comment").isVisible(), false);
    await me.press("back");
    assert.equal(await me.see("comment").inputValue(), COMMENT);
    await me.press("submit-confirm");
    await me.see("code").waitFor();
    await me.press("act-confirm");
    await me.reads("code-error", "Enter the six digits");
    await me.type("code", me.wrongCode());
    await me.press("act-confirm");
    await me.reads("code-error", "The code is not right.");
    await me.type("code", await me.code());
    await me.press("act-confirm");
    await me.dialogIsGone();
    const submitted = (await held.stack.journal(page)).find(({ event }) => event.kind === "submitted");
    assert.equal(submitted.event.proof.factor.kind, "totp");
    await me.close();
  });
});
