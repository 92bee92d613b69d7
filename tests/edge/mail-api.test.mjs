// Mail through an HTTP API in the shape of Resend's: what the provider says decides whether it is tried again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { carryOut } from "../support/effects.mjs";
import { VIEWER } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const EFFECT = { effect: "mail-owner", person: VIEWER.account, notice: { about: "enrolment-reminder" } };
const fault = (status) => held.current.sandbox.fault({ method: "POST", path: "/mail/emails", times: 1, kind: "status", status });
const state = async (key) => (await held.current.sql("SELECT state, attempts, last_error FROM outbox WHERE key = ?", key))[0];
const mails = async () => (await held.current.mailsTo(VIEWER)).length;

for (const status of [408, 409, 429, 500, 503]) {
  test(`after ${status} it is tried again, and arrives once`, async () => {
    const before = await mails();
    await fault(status);
    await carryOut(held.current, EFFECT, { key: `passing/${status}` });
    assert.deepEqual(await state(`passing/${status}`), { state: "open", attempts: 1, last_error: "mail-down" });
    await held.current.advance(60_000);
    await held.current.drain();
    assert.equal((await state(`passing/${status}`)).state, "done");
    assert.equal(await mails(), before + 1);
  });
}

for (const status of [400, 401, 403, 422]) {
  test(`after ${status} it is given up at once, and an admin can have it tried again`, async () => {
    const before = await mails();
    const key = `final/${status}`;
    await fault(status);
    await carryOut(held.current, EFFECT, { key });
    assert.deepEqual(await state(key), { state: "failed", attempts: 1, last_error: "mail-refused" });
    assert.equal(await mails(), before);
    await held.current.sql("UPDATE outbox SET state = 'open', attempts = 0 WHERE key = ?", key);
    await held.current.drain();
    assert.equal(await mails(), before + 1);
  });
}

test("somebody without an address is told nothing, and that is visible", async () => {
  await held.current.sandbox.fault({ method: "GET", path: "/wiki/rest/api/user/email", times: 1, kind: "status", status: 404 });
  await carryOut(held.current, EFFECT, { key: "nobody" });
  assert.deepEqual(await state("nobody"), { state: "failed", attempts: 1, last_error: "no-address" });
});

test("the address, the key of the provider and what a mail says stand in no log", () => {
  const { log } = held.current.worker;
  for (const secret of [VIEWER.email, "mail-key-of-the-tests", "Please set up"]) assert.ok(!log.includes(secret), secret);
});
