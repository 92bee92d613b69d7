// The settings, as a Confluence administrator uses them.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { ADMIN, AUTHOR, JONAS, POLICY_PAGE, PRIYA, VIEWER } from "../support/identities.mjs";
import { stackForFile } from "./files.mjs";
import { says } from "./visitor.mjs";

describe("the settings", () => {
  const held = stackForFile({ prepare: (stack) => stack.enrol(JONAS) });
  let me, view;
  const open = async () => {
    await me.page.getByRole("link", { name: "Countersign settings" }).first().click();
    view = me.frame("approval-settings");
    await view.getByTestId("section-workflow").waitFor();
  };
  before(async () => {
    me = await held.visitor(ADMIN);
    await me.open();
  });

  test("the workflow is there to read: states, who is asked, what an approval means", async () => {
    await open();
    const workflow = view.getByTestId("section-workflow");
    await says(workflow, "Page approval");
    for (const state of ["Draft", "In Review", "Approved"]) await says(workflow, state);
    await says(workflow, "countersign-approvers");
    await says(workflow, "I have reviewed this version and approve it for use.");
    assert.equal(await workflow.locator("input, textarea, select, button").count(), 0, "it is read-only");
    await says(view.getByTestId("section-policy"), /Approving\s+Code each time/);
    await view.getByTestId("reachable").waitFor();
    await view.getByTestId("no-effects").waitFor();
    await view.getByTestId("no-locks").waitFor();
  });

  test("an effect that failed is listed with its reason, and is carried out by a retry", async () => {
    const { stack } = held;
    const trouble = { method: "POST", path: "/mail/emails", times: 2, kind: "status", status: 422 };
    await stack.enrol(PRIYA, () => stack.sandbox.fault(trouble));
    await open();
    const effect = view.getByTestId("effect");
    await says(effect, "Mail the notice of a new authenticator");
    await says(effect, "The mail provider refused the mail.");
    await says(effect, "Tried once");
    await view.getByTestId("retry").click();
    await says(view.getByTestId("retry-result"), "It failed again");
    await view.getByTestId("retry").click();
    await says(view.getByTestId("retry-result"), "no longer among the failed effects");
    await view.getByTestId("no-effects").waitFor();
    const mails = (await stack.sandbox.mails()).filter((mail) => mail.to.includes(PRIYA.email));
    assert.equal(mails.filter((mail) => /authenticator was set up/.test(mail.subject)).length, 1);
  });

  test("a locked person is unlocked with a reason and the administrator's own code", async () => {
    await held.stack.submit(AUTHOR);
    for (let salt = 0; salt < 5; salt += 1) await wrongDecision(held.stack, salt);
    await open();
    await says(view.getByTestId("locked-person"), "Jonas Lindqvist");
    await says(view.getByTestId("locked-person"), "5 wrong codes in a row");
    await view.getByTestId("unlock").click();
    await me.enrol(view);
    await says(view.getByTestId("unlock-name"), "Jonas Lindqvist");
    await view.getByTestId("code").fill(await me.code());
    await view.getByTestId("unlock-confirm").click();
    await says(view.locator("#comment-error, #reason-error").first(), "Say why");
    await view.getByTestId("reason").fill("He called: new phone, wrong time.");
    await view.getByTestId("unlock-confirm").click();
    await view.getByTestId("dialog").waitFor({ state: "detached" });
    await view.getByTestId("no-locks").waitFor();
    await held.stack.decide(POLICY_PAGE, { who: JONAS });
    assert.equal((await held.stack.journal()).filter(({ event }) => event.kind === "decided").length, 1);
  });

  test("nobody else gets at them", async () => {
    await me.become(VIEWER);
    assert.equal(await me.page.getByRole("link", { name: "Countersign settings" }).count(), 0);
    await says(me.page.locator("#content"), "Only Confluence administrators can open an app's settings.");
  });

  test("nothing went wrong out of sight", () => me.watch.clean());
});

async function wrongDecision(stack, salt) {
  const { challenge } = await stack.call(JONAS, "/api/challenge", { decision: "approve", page_version: 1 });
  const code = stack.authenticators.wrong(JONAS.account, salt);
  const given = { challenge, decision: "approve", page_version: 1, comment: "", code };
  await assert.rejects(stack.call(JONAS, "/api/decision", given), /wrong-code/);
}
