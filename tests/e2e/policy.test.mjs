// The step-up policy in the settings, as a Confluence administrator uses it with keyboard and eyes.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { ADMIN, GUEST, POLICY_PAGE } from "../support/identities.mjs";
import { stackForFile } from "./files.mjs";
import { says } from "./visitor.mjs";

describe("the step-up policy", () => {
  const held = stackForFile({ prepare: (stack) => stack.enrol(ADMIN) });
  let me, view;
  const open = async () => {
    await me.page.getByRole("link", { name: "Countersign settings" }).first().click();
    view = me.frame("approval-settings");
    await view.getByTestId("policy-rule").first().waitFor();
  };
  const rules = () => view.getByTestId("rule");
  before(async () => {
    me = await held.visitor(ADMIN);
    await me.open();
    await open();
  });

  test("faults stand beside their fields, and the focus goes to the first", async () => {
    await view.getByTestId("policy-edit").click();
    await view.getByTestId("rule-add").click();
    assert.equal(await rules().count(), 2);
    await view.getByTestId("policy-save").click();
    await says(rules().nth(1), "This text is empty.");
    await says(rules().nth(1), "This rule is about no action.");
    await view.locator("#rule-name-1[aria-invalid=true]").waitFor();
    assert.equal(await view.getByTestId("dialog").count(), 0);
  });

  test("rules are moved by keyboard, and the focus stays with what was pressed", async () => {
    await view.getByTestId("rule-up-1").press("Enter");
    assert.equal(await rules().first().getAttribute("data-key"), "1");
    await view.locator("[data-testid='rule-up-1']:focus").waitFor();
    await view.getByTestId("rule-down-1").press("Enter");
    assert.equal(await rules().first().getAttribute("data-key"), "0");
  });

  test("what changes is read, then confirmed with a code", async () => {
    await view.locator("#rule-name-1").fill("Partners and guests");
    await view.locator("#rule-whom-1").selectOption("external");
    await view.locator("#rule-approve-1").check();
    await view.locator("#rule-submit-1").check();
    await view.locator("#rule-session-1").check();
    await view.locator("#rule-minutes-1").fill("15");
    await view.getByTestId("policy-domains").fill("example.com");
    await view.getByTestId("policy-save").click();
    await says(view.getByTestId("policy-changes"), /New rule “Partners and guests”: required of external users/);
    await says(view.getByTestId("policy-changes"), "Managed mail domains: example.com added.");
    await view.getByTestId("policy-confirm").click();
    await view.getByTestId("code").fill(await me.code());
    await view.getByTestId("policy-confirm").click();
    await says(view.getByTestId("policy-version"), "Version 2, in force.");
    assert.equal(await view.getByTestId("policy-rule").count(), 2);
    await says(view.getByTestId("policy-rule").nth(1), /Partners and guests\s+Required/);
  });

  test("who would be asked for what is told for a page and a person", async () => {
    await view.getByTestId("policy-ask").locator("summary").click();
    await view.getByTestId("ask-page").fill(`https://example.atlassian.net/wiki/spaces/POL/pages/${POLICY_PAGE}/x`);
    await view.getByTestId("ask-person").fill(GUEST.name.slice(0, 5));
    await view.getByRole("option", { name: GUEST.name }).click();
    await view.getByTestId("ask-send").click();
    await says(view.getByTestId("ask-answer"), "They count as external.");
    await says(view.locator("[data-action=Submit]"), /your account is a guest's/);
    await says(view.locator("[data-action=Submit]"), "Has none of it");
  });

  test("an earlier version is there to read", async () => {
    await view.getByTestId("policy-history").locator("summary").click();
    await view.getByTestId("policy-show").first().click();
    await says(view.getByTestId("policy-version"), "Version 1. In force is version 2.");
    assert.equal(await view.getByTestId("policy-edit").count(), 0);
    await view.getByTestId("policy-back").click();
    await says(view.getByTestId("policy-version"), "Version 2, in force.");
  });
});
