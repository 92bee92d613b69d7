// kill -9 of workerd while the clock is at work: every page expires once, every mail comes once.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { AUTHOR } from "../support/identities.mjs";
import { killAndRestart } from "../support/kill.mjs";
import { startSite } from "../support/site.mjs";
import { putWorkflow } from "../support/workflows.mjs";

const DAY = 24 * 3600_000;
const PAGES = 10;
const persist = mkdtempSync(path.join(tmpdir(), "countersign-kill-clock-"));
const DOCUMENT = {
  format: 1,
  id: "page-approval",
  name: "Timed",
  states: [
    { id: "draft", name: "Draft", initial: true, expiry: { after: "P10D" }, transitions: { select: [{ to: "stale", name: "Retire" }], expired: "stale", updated: "stay" } },
    { id: "stale", name: "Stale", transitions: { select: [{ to: "draft", name: "Revive" }] } },
  ],
};
let site;
let pages;

before(async () => {
  site = await startSite({ persist });
  await putWorkflow(site, DOCUMENT);
  pages = [];
  for (let count = 0; count < PAGES; count += 1) pages.push(await site.newPage({ title: `Killed ${count}.` }));
});
after(async () => {
  await site?.stop();
  rmSync(persist, { recursive: true, force: true });
});

test("whenever it is killed, each page expires once and each mail comes once", async () => {
  await site.advance(10 * DAY + 60_000);
  const expired = async () => (await site.sql("SELECT COUNT(*) AS n FROM journal WHERE entry LIKE '%\"cause\":\"expired\"%'"))[0].n;
  for (let kill = 0; kill < 8; kill += 1) {
    const running = site.worker.scheduled().catch(() => {});
    // A little later each time, so that another step is under way.
    await new Promise((resolve) => setTimeout(resolve, 5 + kill * 12));
    await killAndRestart(site, running);
  }
  assert.ok((await expired()) < PAGES, "it was killed before it was done");
  for (let round = 0; round < 200; round += 1) {
    await site.advance(60_000);
    await site.worker.scheduled();
    const [{ open }] = await site.sql("SELECT (SELECT COUNT(*) FROM outbox WHERE state = 'open') + (SELECT COUNT(*) FROM timer WHERE fired = 0) AS open");
    if (open === 0) break;
  }
  assert.deepEqual((await site.outbox()).filter((row) => row.state !== "done"), []);
  const subjects = (await site.mailsTo(AUTHOR)).map((mail) => mail.subject);
  for (const [count, page] of pages.entries()) {
    const rows = (await site.journal(`page/${page}`)).filter((row) => row.entry.event.cause === "expired");
    assert.equal(rows.length, 1, `page ${count}`);
    assert.equal(subjects.filter((subject) => subject === `“Killed ${count}.” has expired`).length, 1, `mail ${count}`);
  }
});
