// Emergency access in the settings: one admin asks, another carries it out; who is alone waits a day.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { ADMIN, AUTHOR, POLICY_PAGE, PROCEDURE_PAGE, VIEWER } from "../support/identities.mjs";
import { stackForFile } from "./files.mjs";
import { eventually, says } from "./visitor.mjs";

const DAY = 24 * 3600_000;
const KIM = { ...VIEWER, account: "712020:admin-2", name: "Kim Novak", email: "kim@example.com" };
const REASON = "Everybody who is asked is away until March.";

describe("emergency access", () => {
  const held = stackForFile({
    async prepare(stack) {
      await stack.sandbox.putPerson({ accountId: KIM.account, name: KIM.name, email: KIM.email, licensed: true, admin: true });
      await stack.enrol(ADMIN);
      await stack.enrol(KIM);
      for (const page of [POLICY_PAGE, PROCEDURE_PAGE]) await stack.submit(AUTHOR, page);
    },
  });
  let sam, kim;

  const settingsOf = (me) => me.frame("approval-settings");
  /** Opens the settings as somebody, and looks at a page there. */
  const look = async (me, page) => {
    await me.page.goto(`${held.stack.url}/wiki/admin/approval-settings`);
    const view = settingsOf(me);
    await view.getByTestId("emergency-page").fill(`${held.stack.url}/wiki/spaces/POL/pages/${page}/A+page`);
    await view.getByTestId("emergency-page").press("Enter");
    await view.getByTestId("emergency-shown").waitFor();
    return view;
  };
  const gone = (view) => view.getByTestId("dialog").waitFor({ state: "detached" });
  /** Fills in the dialog that asks and confirms it with a code. */
  const ask = async (me, view, decision = "approve") => {
    await view.getByTestId("emergency-ask").click();
    await view.getByTestId(`emergency-${decision}`).check();
    await view.getByTestId("reason").fill(REASON);
    await view.getByTestId("emergency-go").click();
    await confirm(me, view);
  };
  const confirm = async (me, view) => {
    await view.getByTestId("code").fill(await me.code());
    await view.getByTestId("act-confirm").click();
  };
  const kinds = async (page) => (await held.stack.journal(page)).map(({ event }) => event.kind).filter((kind) => kind.startsWith("emergency"));

  before(async () => {
    sam = await held.visitor(ADMIN);
    kim = await held.visitor(KIM);
  });

  test("a page is named by its number or its link; what is neither is said beside the field", async () => {
    await sam.page.goto(`${held.stack.url}/wiki/admin/approval-settings`);
    const view = settingsOf(sam);
    await view.getByTestId("emergency-page").fill("the security policy");
    await view.getByTestId("emergency-look").click();
    await says(view.locator("#emergency-page-error"), "Write a page’s number, or paste its link.");
    await view.locator("#emergency-page:focus[aria-invalid=true]").waitFor();
    await view.getByTestId("emergency-page").fill("424242");
    await view.getByTestId("emergency-look").click();
    assert.equal(await view.getByTestId("section-emergency").getByTestId("problem").getAttribute("role"), "alert");
  });

  test("who is alone is told that a day has to pass, and has to say why", async () => {
    const view = await look(sam, POLICY_PAGE);
    await says(view.getByTestId("emergency-shown"), /Information Security Policy.*In Review/);
    await view.getByTestId("emergency-ask").click();
    await says(view.getByTestId("emergency-dialog"), "No other Confluence admin is known here");
    await view.getByTestId("emergency-go").click();
    await says(view.locator("#comment-error"), "Say why.");
    await view.locator("#reason:focus").waitFor();
    await view.getByTestId("cancel").click();
    await gone(view);
    assert.deepEqual(await kinds(POLICY_PAGE), []);
    await ask(sam, view);
    await says(view.getByTestId("emergency-done"), "Emergency access is asked for.");
    await says(view.getByTestId("emergency-next"), /You can carry it out from .*in (1 day|24 hours|23 hours)/);
    assert.equal(await view.getByTestId("emergency-carry-out").count(), 0, "there is nothing to press yet");
    assert.equal(await view.getByTestId("emergency-ask").count(), 0, "one request at a time");
  });

  test("it is withdrawn, and can be asked for again", async () => {
    const view = settingsOf(sam);
    await view.getByTestId("emergency-withdraw").click();
    await says(view.getByTestId("emergency-dialog"), "Sam Carter asked to approve in place of “Approvers”.");
    await view.getByTestId("emergency-go").click();
    await says(view.getByTestId("emergency-done"), "The request is withdrawn.");
    await view.getByTestId("emergency-request").waitFor({ state: "detached" });
    assert.deepEqual(await kinds(POLICY_PAGE), ["emergency-asked", "emergency-withdrawn"]);
  });

  test("with a second admin: one asks, the other reads why and carries it out, and the page says so", async () => {
    await look(kim, POLICY_PAGE);
    const mine = await look(sam, POLICY_PAGE);
    await ask(sam, mine);
    await says(mine.getByTestId("emergency-next"), "another Confluence admin has to carry it out");
    assert.equal(await mine.getByTestId("emergency-carry-out").count(), 0);
    const theirs = await look(kim, POLICY_PAGE);
    await says(theirs.getByTestId("emergency-request"), REASON);
    await theirs.getByTestId("emergency-carry-out").click();
    await says(theirs.getByTestId("emergency-dialog"), /Approve version 1 of “Information Security Policy” in place of “Approvers”.*Asked for by Sam Carter/);
    await theirs.getByTestId("emergency-go").click();
    await confirm(kim, theirs);
    await says(theirs.getByTestId("emergency-done"), "It is decided, and said on the page.");
    await theirs.getByTestId("emergency-nothing").waitFor();
    assert.deepEqual((await kinds(POLICY_PAGE)).slice(-2), ["emergency-asked", "emergency-decided"]);
    const tom = await held.visitor(VIEWER);
    await tom.read();
    await tom.reads("approved-line", "Version 1 approved by Kim Novak");
    await says(tom.macro.locator(".emergency").first(), /Emergency access.*asked for by Sam Carter.*away until March/);
  });

  test("a page edited meanwhile is refused, and a request that was withdrawn can't be carried out", async () => {
    const view = await look(sam, PROCEDURE_PAGE);
    await held.stack.holdEvents();
    await held.stack.sandbox.edit(PROCEDURE_PAGE);
    await view.getByTestId("emergency-ask").click();
    await view.getByTestId("reason").fill(REASON);
    await view.getByTestId("emergency-go").click();
    await view.locator('[data-testid="dialog"] [data-kind="page-moved"]').waitFor();
    await view.getByTestId("cancel").click();
    await held.stack.releaseEvents();
    await held.stack.submit(AUTHOR, PROCEDURE_PAGE);
    await ask(sam, await look(sam, PROCEDURE_PAGE), "reject");
    await view.getByTestId("emergency-request").waitFor();
    const theirs = await look(kim, PROCEDURE_PAGE);
    await theirs.getByTestId("emergency-carry-out").click();
    await view.getByTestId("emergency-withdraw").click();
    await view.getByTestId("emergency-go").click();
    await says(view.getByTestId("emergency-done"), "withdrawn");
    await theirs.getByTestId("emergency-go").click();
    await theirs.locator('[data-testid="dialog"] [data-kind="no-emergency"]').waitFor();
    await theirs.getByTestId("cancel").click();
    await eventually("it is looked at again", async () => (await theirs.getByTestId("emergency-request").count()) === 0);
    assert.ok(!(await kinds(PROCEDURE_PAGE)).includes("emergency-decided"));
  });

  test("who is alone carries it out once a day has passed", async () => {
    await held.stack.sandbox.deactivate(KIM.account);
    const view = await look(sam, PROCEDURE_PAGE);
    await ask(sam, view, "reject");
    await view.getByTestId("emergency-request").waitFor();
    await held.stack.advance(DAY + 60_000);
    await held.stack.sandbox.control("POST", "schedule");
    const later = await look(sam, PROCEDURE_PAGE);
    await says(later.getByTestId("emergency-next"), "A day has passed");
    await later.getByTestId("emergency-carry-out").click();
    await later.getByTestId("emergency-go").click();
    await confirm(sam, later);
    await says(later.getByTestId("emergency-done"), "It is decided");
    assert.equal((await kinds(PROCEDURE_PAGE)).at(-1), "emergency-decided");
  });

  test("nothing went wrong out of sight", () => {
    sam.watch.clean();
    kim.watch.clean();
  });
});
