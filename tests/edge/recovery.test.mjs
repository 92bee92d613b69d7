// Recovery codes: for whoever lost what they confirm with.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { another, codeNow, confirmed, counted, first, listed, nextStep } from "../support/factors.mjs";
import { AUTHOR, JONAS } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const folder = mkdtempSync(path.join(tmpdir(), "countersign-recovery-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const held = await siteForFile({ persist: folder });
const jonas = () => held.current.as(JONAS);
const of = {};
const begin = (code, more = {}) => confirmed(jonas(), "/api/enrolment/begin", more, code);

test("the confirmation says that a recovery code would do, last of all", async () => {
  Object.assign(of, await first(jonas(), { name: "Lost phone" }));
  const { confirm } = (await jonas().call("/api/enrolment/begin", {})).good();
  assert.deepEqual(confirm.how.factors, ["totp", "recovery-code"]);
});

test("a recovery code, typed sloppily, lets one be set up in the place of the lost one", async () => {
  const [code] = of.recovery_codes;
  const sloppy = ` ${code.toLowerCase().replaceAll("-", " ").replaceAll("0", "o").replaceAll("1", "l")} `;
  const { key } = (await begin(sloppy.trim(), { name: "New phone", replaces: of.factor })).good();
  const answer = (await jonas().confirmEnrolment(codeNow(held.current, key))).good();
  assert.equal(answer.recovery_codes, undefined, "nine are left");
  const { factors, recovery } = await listed(jonas());
  assert.deepEqual(factors.map((one) => one.name), ["New phone"]);
  assert.deepEqual([recovery.left, recovery.few], [9, false]);
  of.key = key;
});

test("it is in the journal, and its owner is told how many are left", async () => {
  const rows = await held.current.journal(`factors/${JONAS.account}`);
  const [used, enrolled] = rows.slice(-2);
  assert.deepEqual([used.kind, used.entry.event.left], ["recovery-code-used", 9]);
  assert.deepEqual([enrolled.kind, enrolled.entry.event.proved_by, enrolled.entry.event.replaces], ["factor-enrolled", "recovery-code", of.factor]);
  await held.current.drain();
  const mails = await held.current.mailsTo(JONAS);
  assert.ok(!mails.some((mail) => /new recovery codes/i.test(mail.subject)), "the first set comes with the first factor, and its mail");
  const told = mails.find((mail) => /recovery code .* was used/i.test(mail.subject));
  assert.match(told.text, /\b(9|nine)\b/i);
  const everything = JSON.stringify(await held.current.sql("SELECT entry FROM journal")) + JSON.stringify(mails);
  for (const code of of.recovery_codes) assert.ok(!everything.includes(code) && !everything.includes(code.replaceAll("-", "")));
});

test("what is kept of a code is an HMAC under a key of the Worker, found by an index", async () => {
  const rows = await held.current.sql("SELECT id, hmac, used_at FROM recovery_code WHERE person = ?", JONAS.account);
  assert.equal(rows.length, 10);
  for (const row of rows) assert.match(row.hmac, /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}$/);
  assert.equal(rows.filter((row) => row.used_at !== null).length, 1);
  const plan = await held.current.sql(
    `EXPLAIN QUERY PLAN SELECT id FROM recovery_code WHERE site = 's' AND person = 'p' AND hmac IN (SELECT value FROM json_each('["a","b"]'))`,
  );
  assert.ok(plan.some((row) => /USING (COVERING )?INDEX recovery_code_by_hmac \(site=\? AND person=\? AND hmac=\?\)/.test(row.detail)), JSON.stringify(plan));
});

test("a used one is refused and counts as an attempt, as does a wrong one; what can be none costs nothing", async () => {
  const before = (await counted(held.current, JONAS)).failures;
  (await begin(of.recovery_codes[0])).refused(422, "code-used");
  const wrong = of.recovery_codes[1].startsWith("2222") ? "3333" : "2222";
  (await begin(wrong + of.recovery_codes[1].slice(4))).refused(422, "wrong-code");
  assert.equal((await counted(held.current, JONAS)).failures, before + 2);
  (await begin("ABCD-EFGH-JKMN")).refused(422, "bad-field");
  assert.equal((await counted(held.current, JONAS)).failures, before + 2);
  const facts = await held.current.journal(`person-facts/${JONAS.account}`);
  const failed = facts.filter((row) => row.kind === "attempt-failed").map((row) => row.entry.event);
  assert.deepEqual(failed.map((event) => [event.purpose, event.factor_kind, event.reason]), [
    ["recovery", "recovery-code", "used"],
    ["recovery", "recovery-code", "wrong"],
  ]);
});

test("a recovery code signs nothing and changes nothing else", async () => {
  const forgiven = () => held.current.sql("UPDATE guess SET failures = 0, locked_until = 0");
  for (const [route, body] of [
    ["/api/factors/recovery-codes", {}],
    ["/api/factors/remove", { factor: (await listed(jonas())).factors[0].id, even_the_last: true }],
    ["/api/factors/renew", { factor: (await listed(jonas())).factors[0].id }],
  ]) {
    await forgiven();
    const asked = (await jonas().call(route, body)).good();
    assert.ok(!asked.confirm.how.factors.includes("recovery-code"), route);
    const answer = await jonas().call(route, { ...body, confirm: { challenge: asked.confirm.challenge, code: of.recovery_codes[2] } });
    assert.equal(answer.status, 422, `${route}: ${answer.text}`);
  }
  await forgiven();
  (await held.current.as(AUTHOR).submit()).good();
  const challenge = (await jonas().challenge()).good();
  assert.notEqual((await jonas().decide(challenge, { code: of.recovery_codes[2] })).status, 200);
  assert.equal((await listed(jonas())).recovery.left, 9, "and none was used up by trying");
  await forgiven();
});

test("few left are pointed out; new ones end the old", async () => {
  await nextStep(held.current);
  await held.current.sql("UPDATE recovery_code SET used_at = 1 WHERE person = ? AND id IN (SELECT id FROM recovery_code WHERE person = ? AND used_at IS NULL LIMIT 6)", JONAS.account, JONAS.account);
  const few = (await listed(jonas())).recovery;
  assert.deepEqual([few.left, few.few], [3, true]);
  await nextStep(held.current);
  const made = (await confirmed(jonas(), "/api/factors/recovery-codes", {}, codeNow(held.current, of.key))).good().done;
  assert.equal(made.codes.length, 10);
  assert.ok(!made.codes.some((code) => of.recovery_codes.includes(code)));
  const left = (await listed(jonas())).recovery;
  assert.deepEqual([left.left, left.few], [10, false]);
  (await begin(of.recovery_codes[5])).refused(422, "wrong-code");
  of.recovery_codes = made.codes;
});

test("they are shown once: the same request again gets none", async () => {
  await nextStep(held.current);
  const { confirm } = (await jonas().call("/api/factors/recovery-codes", {})).good();
  const body = { confirm: { challenge: confirm.challenge, code: codeNow(held.current, of.key) } };
  const { done } = (await jonas().call("/api/factors/recovery-codes", body)).good();
  assert.equal(done.codes.length, 10);
  assert.deepEqual((await jonas().call("/api/factors/recovery-codes", body)).good().done.codes, []);
  of.recovery_codes = done.codes;
});

test("a code made under an older key of the Worker is found all the same", async () => {
  const fresh = `rotated:${Buffer.alloc(32, 9).toString("base64")}`;
  held.current.bindings = { ...held.current.bindings, COUNTERSIGN_KEYS: `${fresh},${held.current.bindings.COUNTERSIGN_KEYS}` };
  await held.current.worker.stop();
  await held.current.boot();
  await held.current.sql("UPDATE guess SET failures = 0, locked_until = 0");
  const { key } = (await begin(of.recovery_codes[1])).good();
  const [used] = await held.current.sql("SELECT hmac FROM recovery_code WHERE person = ? AND used_at IS NOT NULL", JONAS.account);
  assert.doesNotMatch(used.hmac, /^rotated\./);
  (await jonas().confirmEnrolment(codeNow(held.current, key))).good();
  await nextStep(held.current);
  (await confirmed(jonas(), "/api/factors/recovery-codes", {}, codeNow(held.current, of.key))).good();
  const made = await held.current.sql("SELECT hmac FROM recovery_code WHERE person = ?", JONAS.account);
  assert.ok(made.every((row) => row.hmac.startsWith("rotated.")), "new ones are made under the newest key");
});

test("somebody who used up the last one gets new ones with what they set up", async () => {
  await held.current.sql("UPDATE recovery_code SET used_at = 1 WHERE person = ?", JONAS.account);
  await nextStep(held.current);
  const fresh = await another(jonas(), { name: "Third" }, codeNow(held.current, of.key));
  assert.equal(fresh.recovery_codes.length, 10);
});
