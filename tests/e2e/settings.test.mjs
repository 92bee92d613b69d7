// The settings, as a Confluence administrator uses them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
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
    await says(view.getByTestId("policy-rule"), /approve a page[^]*a passkey or an authenticator app, each time/);
    await view.getByTestId("reachable").waitFor();
    await view.getByTestId("no-effects").waitFor();
    await view.getByTestId("person").first().waitFor();
    await says(view.locator('[data-account="712020:approver-1"]'), "Enrolled");
  });

  test("an effect that failed is listed with its reason, and is carried out by a retry", async () => {
    const { stack } = held;
    const trouble = { method: "POST", path: "/mail/emails", times: 2, kind: "status", status: 422 };
    await stack.enrol(PRIYA, () => stack.sandbox.fault(trouble));
    await open();
    const effect = view.getByTestId("effect");
    await says(effect, "the notice that a way to confirm was set up");
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

  const row = (who) => view.locator(`[data-account="${who.account}"]`);

  test("a locked person is unlocked with a reason and the administrator's own code", async () => {
    await held.stack.submit(AUTHOR);
    for (let salt = 0; salt < 5; salt += 1) await wrongDecision(held.stack, salt);
    await open();
    await says(row(JONAS), "Locked");
    await says(row(JONAS), "5 in a row, 5 in 90 days");
    await row(JONAS).getByTestId("person-open").click();
    await view.getByTestId("care-unlock").click();
    await view.getByTestId("care-go").click();
    await says(view.locator("#comment-error, #reason-error").first(), "Say why");
    await view.getByTestId("reason").fill("He called: new phone, wrong time.");
    await view.getByTestId("care-go").click();
    await me.enrol(view);
    await view.getByTestId("care-go").click();
    await says(view.getByTestId("care-name"), "Jonas Lindqvist");
    await view.getByTestId("code").fill(await me.code());
    await view.getByTestId("care-confirm-go").click();
    await says(view.getByTestId("care-done"), "They are unlocked.");
    await view.getByTestId("close-person").click();
    await view.getByTestId("dialog").waitFor({ state: "detached" });
    await row(JONAS).getByTestId("locked").waitFor({ state: "detached" });
    await held.stack.decide(POLICY_PAGE, { who: JONAS });
    assert.equal((await held.stack.journal()).filter(({ event }) => event.kind === "decided").length, 1);
  });

  test("a factor is given another end, then taken away, and its owner is told", async () => {
    await open();
    await row(JONAS).getByTestId("person-open").click();
    await view.getByTestId("care-life").click();
    const day = new Date(held.stack.now() + 20 * 24 * 3600_000).toISOString().slice(0, 10);
    await view.getByTestId("until").fill(day);
    await view.getByTestId("reason").fill("Away until then.");
    await view.getByTestId("care-go").click();
    await view.getByTestId("code").fill(await me.code());
    await view.getByTestId("care-confirm-go").click();
    await says(view.getByTestId("care-done"), "The expiry was set.");
    await view.getByTestId("care-revoke-all").click();
    await view.getByTestId("reason").fill("The phone was stolen.");
    await view.getByTestId("care-go").click();
    await view.getByTestId("code").fill(await me.code());
    await view.getByTestId("care-confirm-go").click();
    await says(view.getByTestId("care-done"), "Everything was revoked.");
    await view.getByTestId("no-factors").waitFor();
    await view.getByTestId("close-person").click();
    await says(row(JONAS), "Removed or revoked");
    await held.stack.drain();
    const mails = (await held.stack.sandbox.mails()).filter((mail) => mail.to.includes(JONAS.email) && mail.text.includes(ADMIN.name));
    assert.equal(mails.length >= 2, true, JSON.stringify(mails.map((mail) => mail.subject)));
  });

  test("whoever needs it is reminded, once", async () => {
    await says(view.getByTestId("remind-preview"), /need it|have nothing that counts/);
    await view.getByTestId("remind").getByRole("button", { name: /^Remind/ }).click();
    await view.getByTestId("remind-send").click();
    await says(view.getByTestId("remind-result"), /\d+ reminders? mailed/);
    await says(view.getByTestId("remind-preview"), "less than a day ago");
  });

  test("the list is saved as a file that opens in a spreadsheet", async () => {
    const saved = me.page.waitForEvent("download");
    await view.getByTestId("insights-csv").click();
    const download = await saved;
    assert.match(download.suggestedFilename(), /^countersign-approvers-\d{4}-\d\d-\d\d\.csv$/);
    const text = readFileSync(await download.path(), "utf8");
    const [head, ...lines] = text.replace("\ufeff", "").trim().split("\r\n");
    assert.match(head, /^Name,Account id,/);
    assert.ok(lines.some((line) => line.startsWith("Jonas Lindqvist,712020:approver-1,")), text);
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
