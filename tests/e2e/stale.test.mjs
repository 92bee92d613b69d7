// Old copies and late events: a viewer is shown what is known at once, and the truth as soon as it is known.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AUTHOR, GUEST, JONAS, POLICY_PAGE, SITE, VIEWER } from "../support/identities.mjs";
import { stackForFile } from "./files.mjs";
import { eventually } from "./visitor.mjs";

const COPY = `status/${SITE.key}/${POLICY_PAGE}`;

describe("old copies and late events", () => {
  const held = stackForFile({
    prepare: async (stack) => {
      await stack.enrol(JONAS);
      while ((await stack.sandbox.version(POLICY_PAGE)) < 7) await stack.sandbox.edit(POLICY_PAGE);
      await stack.settle();
      await stack.submit(AUTHOR);
      await stack.decide();
      await eventually("the copy is there", async () => (await stack.worker.kv.get(COPY))?.includes('"approved"'));
    },
  });

  /** Opens the page, looks before anything is confirmed, then lets the confirm go. */
  async function seenBy(who, before, after) {
    const confirm = held.stack.gate.hold("/api/confirm", "request");
    const me = await held.visitor(who);
    await me.open();
    await confirm.arrived;
    await me.reads("approved-line", /^Version 7 approved by Jonas Lindqvist$/);
    await me.reads("confirm-line", "Checking whether this is the version you see");
    assert.doesNotMatch(await me.see("panel").innerText(), /this is the version you see\.|page is approved/i);
    await before(me);
    confirm.release();
    await after(me);
    await me.close();
  }

  test("events held back: version 7 approved at once, then the page is at 8", async () => {
    await held.stack.holdEvents();
    await held.stack.sandbox.edit(POLICY_PAGE);
    for (const who of [VIEWER, GUEST]) {
      await seenBy(
        who,
        (me) => me.reads("state", "Approved"),
        async (me) => {
          await me.reads("confirm-line", "Changed since: the page is now at version 8.");
          await me.reads("approved-line", /^Version 7 approved/);
        },
      );
    }
  });

  test("the copy is old: what the journal knows replaces it after the confirm", async () => {
    const old = await held.stack.worker.kv.get(COPY);
    await held.stack.releaseEvents();
    await held.stack.worker.kv.put(COPY, old);
    await seenBy(
      VIEWER,
      (me) => me.reads("state", "Approved"),
      async (me) => {
        await me.reads("confirm-line", "Changed since: the page is now at version 8.");
        await me.reads("state", "Draft");
        await me.reads("approved-line", /^Version 7 approved/);
      },
    );
  });

  test("a copy that is old is put right by having been looked at", async () => {
    const seq = () => held.stack.worker.kv.get(COPY).then((text) => JSON.parse(text).fold.seq);
    const [{ head }] = await held.stack.worker.sql("SELECT MAX(seq) AS head FROM journal WHERE stream = ?", `page/${POLICY_PAGE}`);
    await eventually("the copy is at the journal's head", async () => {
      await held.stack.drain();
      return (await seq()) === head;
    });
  });

  test("what can't be confirmed is said, never guessed", async () => {
    const me = await held.visitor(VIEWER);
    const line = held.stack.gate.cut("/api/confirm");
    await me.open();
    await me.reads("approved-line", "Version 7 approved");
    await me.reads("confirm-line", /could not be confirmed/i);
    line.mend();
    await me.press("retry");
    await me.reads("confirm-line", "Changed since: the page is now at version 8.");
    await me.close();
  });

  test("an older answer that comes late never replaces a newer one on screen", async () => {
    const me = await held.visitor(AUTHOR);
    await me.read();
    await me.reads("state", "Draft");
    // Closing a dialog has the page confirmed again; that answer, from before the submission, is kept back.
    const late = held.stack.gate.hold("/api/confirm");
    await me.press("submit");
    await me.press("cancel");
    await me.dialogIsGone();
    await late.arrived;
    await me.press("submit");
    await me.press("submit-confirm");
    await me.dialogIsGone();
    await me.reads("state", "In Review");
    await me.confirmed();
    late.release();
    const seen = new Set();
    for (let look = 0; look < 20; look += 1) {
      seen.add(await me.see("state").innerText());
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.deepEqual([...seen].map((text) => text.toLowerCase()), ["in review"]);
    await me.close();
  });
});
