// Several approvals on one page, by clicking: two in parallel, one the submitter names people for, one after both; asking
// somebody else, withdrawing, and why a button is not there. Each test goes on where the one before ended.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ADMIN, AUTHOR, JONAS, PRIYA, REVIEWERS, SPACE, SPACE_ADMIN, VIEWER } from "../support/identities.mjs";
import { stackForFile } from "./files.mjs";
import { says } from "./visitor.mjs";

const meaning = { meaning: "I approve this version.", meaning_of_rejection: "I do not approve this version." };
const WORKFLOW = {
  format: 1,
  id: "three-reviews",
  name: "Three reviews",
  states: [
    { id: "draft", name: "Draft", initial: true, transitions: { submit: { to: "in-review" } } },
    {
      id: "in-review",
      name: "In Review",
      colour: "yellow",
      approvals: [
        {
          id: "technical",
          name: "Technical review",
          reviewers: { users: [JONAS.account] },
          mode: "all",
          due: "P3D",
          delegate: true,
          reassign: { roles: ["space-admin"] },
          ...meaning,
        },
        { id: "legal", name: "Legal", reviewers: { assigned: { at_least: 1 } }, ...meaning },
        { id: "release", name: "Release", reviewers: { groups: [REVIEWERS] }, after: ["technical", "legal"], ...meaning },
      ],
      transitions: {
        approved: "approved",
        rejected: "draft",
        updated: { to: "draft" },
        select: [{ to: "draft", name: "Withdraw", who: { roles: ["creator", "last-editor"] }, comment: "required" }],
      },
    },
    {
      id: "approved",
      name: "Approved",
      colour: "green",
      final: true,
      expiry: { after: "P90D" },
      transitions: { updated: { to: "draft" }, expired: "draft" },
    },
  ],
};

/** A change an admin confirms with a code. */
async function changed(stack, route, body) {
  const inSettings = { module: "approval-settings" };
  const { confirm } = await stack.call(ADMIN, route, body, inSettings);
  const code = confirm.code_required ? await stack.authenticators.fresh(ADMIN.account) : "";
  const { done } = await stack.call(ADMIN, route, { ...body, confirm: { challenge: confirm.challenge, code } }, inSettings);
  assert.ok(done, `${route} was not done`);
}

describe("several approvals on a page", () => {
  let page;
  const held = stackForFile({
    prepare: async (stack) => {
      for (const who of [ADMIN, JONAS, PRIYA]) await stack.enrol(who);
      await changed(stack, "/api/settings/workflow/define", { document: WORKFLOW, values: {}, based_on: 0 });
      const rules = [{ id: "policy", scope: { of: "label", label: "three-reviews" }, workflow: WORKFLOW.id, mode: "default" }];
      await changed(stack, "/api/settings/assign", { space: SPACE.id, rules, based_on: 0 });
      page = await stack.sandbox.createPage({ title: "Supplier Policy", body: "<p>Rule 1.</p>", labels: ["three-reviews"], macro: true });
      await stack.settle();
    },
  });
  /** The part of the macro about one approval. */
  const approval = (me, id) => me.macro.locator(`[data-testid="approval"][data-approval="${id}"]`);
  /** Types part of a name and takes the first who is found, by keyboard. */
  const pick = async (me, field, typed, name) => {
    await me.see(field).fill(typed);
    await me.macro.getByRole("option", { name }).waitFor();
    await me.see(field).press("Enter");
    await me.macro.getByRole("button", { name: `Remove ${name}` }).waitFor();
  };
  const sign = async (me) => {
    await me.type("code", await me.code());
    await me.press("sign");
    await me.dialogIsGone();
  };
  let me;

  test("submitting asks whom the submitter wants to review; without them it is not sent", async () => {
    me = await held.visitor(AUTHOR);
    await me.read(page);
    await me.press("submit");
    await me.reads("dialog", "Who reviews for “Legal”?");
    await me.press("submit-confirm");
    await says(me.macro.locator("#reviewers-0-error"), "Name somebody who reviews.");
    await pick(me, "reviewers-0", "pri", PRIYA.name);
    await me.press("submit-confirm");
    await me.dialogIsGone();
    await me.reads("state", "In Review");
  });

  test("everybody sees each approval: how it is counted, who is asked, until when, and what waits for what", async () => {
    await me.become(VIEWER);
    await me.confirmed();
    await says(approval(me, "technical"), "Still to decide: Jonas Lindqvist");
    await says(approval(me, "technical").getByTestId("due"), /Due \d+ \w+ 20\d\d.*\(in [23] days\)/);
    await says(approval(me, "legal"), "Still to decide: Priya Raman");
    await says(approval(me, "release").getByTestId("standing"), "Not asked yet");
    await says(approval(me, "release").getByTestId("after"), "Asked after Legal and Technical review");
    for (const button of ["approve", "reject", "submit", "select", "reassign"]) assert.equal(await me.see(button).count(), 0, button);
  });

  test("whoever may edit but not withdraw is told why the button is not there", async () => {
    await me.become(PRIYA);
    await me.confirmed();
    await me.reads("banner-waiting", "“Legal” waits for your decision");
    await says(me.macro.getByTestId("why-not").filter({ hasText: "“Withdraw”" }), /“Withdraw”: .+\./);
    assert.equal(await me.see("select").count(), 0);
  });

  test("a space admin has somebody asked besides; an account that found nobody says so", async () => {
    await me.become(SPACE_ADMIN);
    await me.confirmed();
    await me.press("reassign");
    await me.see("to").fill("zzz");
    await me.reads("people-said", "Nobody was found by this name.");
    await pick(me, "to", "sam", ADMIN.name);
    await me.macro.getByTestId("place").selectOption({ label: "In place of Jonas Lindqvist" });
    await me.reads("outcome", "Sam Carter will be asked to decide for “Technical review” in place of Jonas Lindqvist.");
    await me.press("reassign-confirm");
    await me.dialogIsGone();
    await says(approval(me, "technical"), "Still to decide: Sam Carter");
  });

  test("who is asked now passes the decision on", async () => {
    await me.become(ADMIN);
    await me.confirmed();
    await me.reads("banner-waiting", "“Technical review” waits for your decision");
    await me.press("reassign");
    await pick(me, "to", "jon", JONAS.name);
    await me.type("comment", "You know the numbers.");
    await me.press("reassign-confirm");
    await me.dialogIsGone();
    await says(approval(me, "technical"), "Still to decide: Jonas Lindqvist");
    await me.see("approve").waitFor({ state: "detached" });
  });

  test("one approval is given: the other stays open, the third still waits", async () => {
    await me.become(JONAS);
    await me.confirmed();
    await me.beginTo("approve");
    await me.reads("shown-approval", "Technical review");
    await sign(me);
    await me.reads("state", "In Review");
    await says(approval(me, "technical").getByTestId("standing"), "Approved");
    await says(approval(me, "technical"), "Jonas Lindqvist approved");
    await says(approval(me, "legal").getByTestId("standing"), "Open");
    await says(approval(me, "release").getByTestId("standing"), "Not asked yet");
  });

  test("with both given the third is asked, and its approval approves the version until it expires", async () => {
    await me.become(PRIYA);
    await me.confirmed();
    await me.beginTo("approve");
    await me.reads("shown-approval", "Legal");
    await sign(me);
    await says(approval(me, "release").getByTestId("standing"), "Open");
    await me.see("banner-waiting").filter({ hasText: "“Release” waits for your decision" }).waitFor();
    await me.beginTo("approve");
    await me.reads("shown-approval", "Release");
    await sign(me);
    await me.reads("state", "Approved");
    await me.reads("approved-line", "Version 1 approved by Jonas Lindqvist and Priya Raman");
    await me.reads("expiry", /^Review due by \d+ \w+ 20\d\d$/);
    await says(me.macro.locator(".signature").first(), "Jonas Lindqvist approved for “Technical review”");
  });

  test("the author withdraws a second version, and has to say why", async () => {
    await me.become(AUTHOR);
    await me.edit("Lost keys are reported too.", page);
    await me.confirmed();
    await me.press("submit");
    await pick(me, "reviewers-0", "pri", PRIYA.name);
    await me.press("submit-confirm");
    await me.dialogIsGone();
    await me.press("select");
    await me.reads("select-dialog", "The page leaves the state “In Review”.");
    await me.press("select-confirm");
    await says(me.macro.locator("#comment-error"), "Say why");
    await me.type("comment", "A rule is missing.");
    await me.press("select-confirm");
    await me.dialogIsGone();
    await me.reads("state", "Draft");
    await me.see("history").locator("summary").click();
    const story = (await me.see("history-item").allInnerTexts()).join("\n");
    for (const line of [
      "Mira Okafor chose “Withdraw”",
      "A rule is missing.",
      "Moved to “Draft” because the page was edited",
      "Moved to “Approved” because every approval was given",
      "Sam Carter passed the decision on to Jonas Lindqvist",
      "Nadia Haddad asked Sam Carter to decide",
    ]) {
      assert.ok(story.includes(line), `${line} is missing in\n${story}`);
    }
  });

  test("absence: who decides for me, and how often I get a list; it is kept", async () => {
    await me.become(JONAS);
    await me.confirmed();
    await me.press("mine");
    const year = new Date(held.stack.now()).getFullYear() + 1;
    await me.type("away-from", `${year}-02-03`);
    await me.type("away-back", `${year}-02-01`);
    await pick(me, "stand-in", "pri", PRIYA.name);
    await me.press("mine-save");
    await says(me.macro.locator("#days-error"), "The first day back has to be after the first day away.");
    await me.type("away-back", `${year}-02-17`);
    await me.press("digest-weekly");
    await me.press("mine-save");
    await me.dialogIsGone();
    await me.press("mine");
    await me.reads("away-now", `You will be away from 3 February ${year} until 17 February ${year}; Priya Raman decides for you.`);
    assert.equal(await me.see("digest-weekly").isChecked(), true);
    await me.press("away-end");
    await me.dialogIsGone();
    await me.press("mine");
    await me.see("mine-dialog").waitFor();
    assert.equal(await me.see("away-now").count(), 0);
    await me.press("cancel");
  });

  test("Escape closes the list of names and not the dialog", async () => {
    await me.press("mine");
    await me.see("stand-in").fill("pr");
    await me.macro.getByRole("option").first().waitFor();
    const active = await me.see("stand-in").getAttribute("aria-activedescendant");
    assert.equal(await me.macro.locator(`#${active}`).getAttribute("aria-selected"), "true");
    await me.page.keyboard.press("Escape");
    await me.macro.getByRole("option").first().waitFor({ state: "detached" });
    assert.equal(await me.see("dialog").count(), 1);
    await me.page.keyboard.press("Escape");
    await me.dialogIsGone();
  });

  test("nothing went wrong out of sight", () => me.watch.clean());
});
