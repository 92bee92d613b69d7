// Deciding on many pages of a space at once: one look at the list, one code, and each page by itself.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { ADMIN, AUTHOR, JONAS, PRIYA, SPACE } from "../support/identities.mjs";
import { plantPolicy } from "../support/plant-policy.mjs";
import { rule } from "../support/rules.mjs";
import { stackForFile } from "./files.mjs";
import { Keyring } from "./passkeys.mjs";
import { eventually, says } from "./visitor.mjs";

const MINUTE = 60_000;
describe("many pages at once", () => {
  const held = stackForFile({ prepare: (stack) => stack.enrol(JONAS) });
  let me, jonas, view, pages;

  /** New pages in review. */
  const inReview = async (count, title) => {
    const made = [];
    for (let number = 1; number <= count; number += 1) {
      const page = await held.stack.sandbox.createPage({ title: `${title} ${number}` });
      const page_version = await held.stack.sandbox.version(page);
      await held.stack.call(AUTHOR, "/api/submit", { page_version, comment: "" }, { page });
      made.push(page);
    }
    await held.stack.settle();
    return made;
  };
  /** Puts this rule about verdicts in force, in place of all others. */
  const putRule = (demand = {}) => {
    const now = () => held.stack.now();
    const sql = (...given) => held.stack.worker.sql(...given);
    const journal = async (stream) =>
      (await sql("SELECT entry FROM journal WHERE stream = ? ORDER BY seq", stream)).map((row) => ({ entry: JSON.parse(row.entry) }));
    return plantPolicy({ sql, journal, now }, () => ({ rules: [rule(["approve", "reject"], demand)] }));
  };
  const open = async () => {
    await me.page.goto(`${held.stack.url}/wiki/spaces/${SPACE.key}/apps/approval-space`);
    view = me.frame("approval-space");
    await view.getByTestId("space-row").first().waitFor();
  };
  const press = (id) => view.getByTestId(id).click();
  const row = (page) => view.locator(`[data-page="${page}"]`);
  const is = (page) => row(page).getAttribute("data-is");
  const decided = async (page) => (await held.stack.journal(page)).filter(({ event }) => event.kind === "decided");
  /** Picks pages by their titles, opens the list and waits for it. */
  const list = async (titles, button = "bulk-approve") => {
    for (const title of titles) await view.getByRole("checkbox", { name: `Pick ${title}`, exact: true }).check();
    await press(button);
    await view.getByTestId("bulk-list").waitFor();
  };
  const close = async () => {
    await press("bulk-close");
    await view.getByTestId("dialog").waitFor({ state: "detached" });
  };

  before(async () => {
    pages = await inReview(4, "Rule");
    me = jonas = await held.visitor(JONAS);
    await open();
  });

  test("pages that wait can be picked; one alone is too few", async () => {
    await says(view.getByTestId("banner-waiting"), "4 pages wait for your decision.");
    assert.equal(await view.getByTestId("pick").count(), 4, "and no other");
    assert.equal(await view.getByTestId("bulk-approve").getAttribute("aria-disabled"), "true");
    await view.getByTestId("pick").first().check();
    await says(view.getByTestId("picked-said"), "Pick one more");
    await view.getByTestId("bulk-approve").press("Enter");
    assert.equal(await view.getByTestId("dialog").count(), 0);
    await view.getByTestId("pick-all").check();
    await says(view.getByTestId("bulk-approve"), "Approve 4 pages…");
    await view.getByTestId("pick-all").uncheck();
    await says(view.getByTestId("picked-said"), "Pick the pages");
  });

  test("by keyboard: the list is read, a wrong code is asked for again, and all of them are approved with one code", async () => {
    const keys = me.page.keyboard;
    for (const title of ["Rule 1", "Rule 2"]) {
      await view.getByRole("checkbox", { name: `Pick ${title}`, exact: true }).focus();
      await keys.press("Space");
    }
    await view.getByTestId("bulk-approve").focus();
    await keys.press("Enter");
    await view.getByTestId("bulk-list").waitFor();
    assert.equal(await view.locator("#dialog-title:focus").count(), 1, "it is read from its heading");
    await says(view.locator("#dialog-title"), "Approve 2 pages");
    for (const page of pages.slice(0, 2)) await says(row(page), /Rule \d.*Version 1, for the approval “Approvers”.*No version was approved before/);
    await view.getByTestId("comment").fill("Read both.");
    await view.getByTestId("code").focus();
    await keys.type(me.wrongCode());
    await keys.press("Enter");
    await says(view.getByTestId("code-error"), "The code is not right");
    assert.equal(await view.getByTestId("comment").inputValue(), "Read both.", "what was typed stays");
    assert.equal((await decided(pages[0])).length, 0);
    await view.getByTestId("code").fill(await me.code());
    await keys.press("Enter");
    await says(view.locator("#dialog-title"), "All 2 pages approved");
    for (const page of pages.slice(0, 2)) assert.equal(await is(page), "recorded");
    assert.equal(await view.getByTestId("bulk-summary").getAttribute("role"), "status");
    await close();
    await says(view.getByTestId("banner-waiting"), "2 pages wait for your decision.");
    const proofs = [];
    for (const page of pages.slice(0, 2)) {
      const [{ event }, ...more] = await decided(page);
      assert.equal(more.length, 0);
      proofs.push([event.proof.bulk.index, event.proof.bulk.count]);
    }
    assert.deepEqual(proofs.sort(), [[0, 2], [1, 2]]);
    assert.equal(await me.page.evaluate(() => document.activeElement?.tagName), "IFRAME", "the focus stays in the frame");
  });

  test("a page edited meanwhile is refused by itself; the others are approved", async () => {
    await inReview(1, "Late");
    await open();
    await list(["Rule 3", "Rule 4", "Late 1"]);
    await held.stack.holdEvents();
    await held.stack.sandbox.edit(pages[2]);
    await view.getByTestId("code").fill(await me.code());
    await press("bulk-sign");
    await says(view.locator("#dialog-title"), "2 of 3 pages approved");
    await says(view.getByTestId("bulk-summary"), "1 was refused.");
    assert.equal(await is(pages[2]), "refused");
    await says(row(pages[2]), "now at version 2");
    assert.equal(await view.getByTestId("bulk-go-on").count(), 0, "asking again would change nothing");
    await close();
    assert.equal((await decided(pages[2])).length, 0);
    assert.equal((await decided(pages[3])).length, 1);
    await held.stack.releaseEvents();
  });

  test("the line is cut on the way: nothing is doubled, and it goes on without another code", async () => {
    const more = await inReview(3, "Cut");
    await open();
    await list(["Cut 1", "Cut 2", "Cut 3"]);
    await view.getByTestId("code").fill(await me.code());
    const first = held.stack.gate.hold("/api/bulk/decision", "answer");
    await press("bulk-sign");
    await first.arrived;
    const cut = held.stack.gate.cut("/api/bulk/decision", "answer");
    first.release();
    await says(view.locator("#dialog-title"), "1 of 3 pages approved");
    await says(view.getByTestId("bulk-summary"), "1 may or may not be recorded, 1 was not reached.");
    await view.getByTestId("problem").waitFor();
    cut.mend();
    await press("bulk-go-on");
    await says(view.locator("#dialog-title"), "All 3 pages approved");
    await close();
    for (const page of more) assert.equal((await decided(page)).length, 1);
  });

  test("it stops when it is told to, and goes on where it was", async () => {
    const more = await inReview(3, "Stop");
    await open();
    await list(["Stop 1", "Stop 2", "Stop 3"]);
    const first = held.stack.gate.hold("/api/bulk/decision", "answer");
    await view.getByTestId("code").fill(await me.code());
    await press("bulk-sign");
    await first.arrived;
    await me.page.keyboard.press("Escape");
    assert.equal(await view.getByTestId("dialog").count(), 1, "it can't be closed over what is under way");
    await press("bulk-stop");
    first.release();
    await says(view.getByTestId("bulk-summary"), "2 were not reached.");
    const recorded = (await Promise.all(more.map(decided))).filter((rows) => rows.length > 0);
    assert.equal(recorded.length, 1);
    // Its time is over: the rest is asked for anew.
    await held.stack.advance(11 * MINUTE);
    await press("bulk-go-on");
    await press("bulk-ask-again");
    await view.getByTestId("bulk-list").waitFor();
    await says(view.locator("#dialog-title"), "Approve 2 pages");
    await view.getByTestId("code").fill(await me.code());
    await press("bulk-sign");
    await says(view.locator("#dialog-title"), "All 2 pages approved");
    await close();
  });

  test("rejecting asks for the comment before it is sent", async () => {
    const more = await inReview(2, "Bad");
    await open();
    await list(["Bad 1", "Bad 2"], "bulk-reject");
    await view.getByTestId("code").fill(await me.code());
    await press("bulk-sign");
    await says(view.locator("#comment-error"), "Say why");
    await view.getByTestId("comment").fill("The numbers are last year's.");
    await press("bulk-sign");
    await says(view.locator("#dialog-title"), "All 2 pages rejected");
    await close();
    for (const page of more) assert.equal((await decided(page))[0].event.decision, "reject");
  });

  test("what the signatures mean is chosen, and is what every entry says", async () => {
    const meanings = ["I checked the numbers.", "I wrote nothing of it and approve it."];
    const more = await inReview(2, "Meant");
    await putRule({ meanings });
    await open();
    await list(["Meant 1", "Meant 2"]);
    await view.getByTestId("comment").fill("With the annex.");
    await view.getByTestId("meaning-1").check();
    await says(view.getByTestId("shown-meaning"), meanings[1]);
    assert.equal(await view.getByTestId("comment").inputValue(), "With the annex.", "what was typed stays");
    await view.getByTestId("code").fill(await me.code());
    await press("bulk-sign");
    await says(view.locator("#dialog-title"), "All 2 pages approved");
    await close();
    for (const page of more) assert.equal((await decided(page))[0].event.meaning, meanings[1]);
    await putRule();
  });

  test("to the letter of Part 11 nothing is signed together: that is said before anybody types", async () => {
    await inReview(2, "Strict");
    await putRule({ part_11: true });
    await open();
    for (const title of ["Strict 1", "Strict 2"]) await view.getByRole("checkbox", { name: `Pick ${title}`, exact: true }).check();
    await press("bulk-approve");
    await view.getByTestId("bulk-nothing").waitFor();
    assert.equal(await view.getByTestId("bulk-left-out").count(), 2);
    await says(view.getByTestId("bulk-left-out").first(), /21 CFR 11/);
    assert.equal(await view.getByTestId("code").count(), 0);
    await press("cancel");
    await putRule();
  });

  test("what was decided by somebody else in the meantime is not picked any more", async () => {
    await held.stack.enrol(PRIYA);
    await inReview(1, "More");
    await open();
    const waiting = await view.getByTestId("pick").count();
    assert.ok(waiting >= 3, "two are left afterwards");
    await view.getByTestId("pick-all").check();
    await press("bulk-approve");
    await view.getByTestId("bulk-list").waitFor();
    const [page] = await view.getByTestId("bulk-item").evaluateAll((rows) => rows.map((one) => one.dataset.page));
    await held.stack.decide(page, { who: PRIYA });
    await press("cancel");
    await eventually("the list is read anew", async () => (await view.getByTestId("pick").count()) === waiting - 1);
  });

  test("the first time: a passkey is set up in the dialog, and one use of it opens the list", async () => {
    const more = await inReview(2, "Keyed");
    const keyring = new Keyring();
    const sam = await held.visitor(ADMIN);
    me = sam;
    await open();
    for (const title of ["Keyed 1", "Keyed 2"]) await view.getByRole("checkbox", { name: `Pick ${title}`, exact: true }).check();
    await press("bulk-approve");
    await view.getByTestId("enrolment").waitFor();
    await view.getByTestId("kind-passkey").check();
    await press("enrol-begin");
    await view.getByTestId("mail-code").fill(await sam.mailedCode());
    await press("mail-code-confirm");
    /** Presses something that opens the Worker's own page, and gives that page an authenticator. */
    const opens = async (testid) => {
      const opened = sam.context.waitForEvent("page");
      await press(testid);
      const page = await opened;
      const device = await keyring.into(page);
      await page.waitForLoadState();
      await page.getByTestId("open").click();
      return { page, device };
    };
    const made = await opens("make-passkey");
    await made.page.getByTestId("go-on").click();
    await made.page.getByTestId("check").waitFor();
    await made.device.keep();
    await made.page.close();
    await press("passkey-confirm");
    await sam.storeCodes(view);
    await view.getByTestId("bulk-list").waitFor();
    await says(view.locator("#dialog-title"), "Approve 2 pages");
    const used = await opens("use-passkey");
    const sentence = await says(used.page.getByTestId("sentence"), "Approve 2 pages together");
    for (const title of ["Keyed 1", "Keyed 2"]) assert.ok(sentence.includes(title), sentence);
    await used.page.getByTestId("go-on").click();
    await used.page.getByTestId("done").waitFor();
    await used.page.close();
    await says(view.locator("#dialog-title"), "All 2 pages approved");
    await close();
    for (const page of more) assert.equal((await decided(page))[0].event.proof.bulk.opened.factor.kind, "passkey");
    sam.watch.clean();
  });

  test("nothing went wrong out of sight", () => jonas.watch.clean());
});
