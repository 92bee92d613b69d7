// What can be rebuilt from the journal is rebuilt byte for byte: snapshots, the rows of lists, the copies in KV.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { AUTHOR, JONAS, POLICY_PAGE, PROCEDURE_PAGE, SITE, VIEWER } from "../support/identities.mjs";
import { startSite } from "../support/site.mjs";

const PAGES = [POLICY_PAGE, PROCEDURE_PAGE];
const folder = mkdtempSync(path.join(tmpdir(), "countersign-rebuild-"));
const key = (page) => `status/${SITE.key}/${page}`;
let site;

const copies = () => Promise.all(PAGES.map((page) => site.worker.kv.get(key(page))));
const snapshots = () => site.sql("SELECT * FROM snapshot WHERE stream LIKE 'page/%' ORDER BY site, stream");
const lists = () => site.sql("SELECT * FROM dashboard ORDER BY site, page");

before(async () => {
  site = await startSite({ persist: path.join(folder, "kept") });
  await site.as(JONAS).enrol();
  (await site.as(AUTHOR).submit({ comment: "First." })).good();
  (await site.as(JONAS).approve("Good.")).good();
  await site.edit(POLICY_PAGE);
  (await site.as(AUTHOR).submit()).good();
  (await site.as(AUTHOR).on(PROCEDURE_PAGE).submit()).good();
  (await site.as(JONAS).on(PROCEDURE_PAGE).reject("Not yet.")).good();
  await site.drain();
});
after(async () => {
  await site?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("copies in KV that were wiped come back the same", async () => {
  const before = await copies();
  for (const page of PAGES) {
    await site.worker.kv.delete(key(page));
    (await site.as(VIEWER).on(page).confirm()).good();
  }
  await site.drain();
  assert.deepEqual(await copies(), before);
});

test("without snapshots the same is shown, and the copies made from the journal alone hold the very bytes of the snapshots", async () => {
  const show = () => Promise.all(PAGES.map(async (page) => (await site.as(VIEWER).on(page).confirm()).good().status));
  const [shown, before, folds] = [await show(), await copies(), await snapshots()];
  await site.sql("DELETE FROM snapshot");
  for (const page of PAGES) await site.worker.kv.delete(key(page));
  assert.deepEqual(await show(), shown);
  await site.drain();
  const made = await copies();
  assert.deepEqual(made, before);
  PAGES.forEach((page, index) => {
    const { fold } = folds.find((row) => row.stream === `page/${page}`);
    assert.ok(made[index].includes(`"fold":${fold}`), `${page}: ${fold}`);
  });
});

test("a snapshot of a foreign format is passed over", async () => {
  const { status } = (await site.as(VIEWER).confirm()).good();
  const row = "INSERT OR REPLACE INTO snapshot (site, stream, seq, format, fold) VALUES (?, ?, 999, 999, '{}')";
  await site.sql(row, SITE.key, `page/${POLICY_PAGE}`);
  assert.deepEqual((await site.as(VIEWER).confirm()).good().status, status);
});

test("wiped or not, the next event leads to the same snapshots, rows of lists and copies, byte for byte", async () => {
  for (const page of PAGES) await site.sandbox.edit(page);
  const events = await site.sandbox.events();
  await site.freeze();
  await site.worker.stop();
  cpSync(path.join(folder, "kept"), path.join(folder, "wiped"), { recursive: true });

  const outcome = async (persist, wipe) => {
    site.persist = path.join(folder, persist);
    await site.boot();
    if (wipe) {
      await site.sql("DELETE FROM snapshot");
      await site.sql("DELETE FROM dashboard");
      for (const page of PAGES) await site.worker.kv.delete(key(page));
    }
    for (const event of events) (await site.event(event)).good();
    await site.drain();
    const made = { snapshots: await snapshots(), lists: await lists(), copies: await copies() };
    await site.worker.stop();
    return made;
  };
  const kept = await outcome("kept", false);
  const rebuilt = await outcome("wiped", true);
  assert.equal(kept.lists.length, 2);
  assert.deepEqual(rebuilt, kept);
  await site.boot();
});
