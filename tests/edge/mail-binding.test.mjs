// Mail through Cloudflare's own binding: the same mails as through the HTTP API, as bytes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { boundMails } from "../support/bound-mail.mjs";
import { carryOut, text } from "../support/effects.mjs";
import { AUTHOR, JONAS, POLICY_PAGE, PRIYA, VIEWER } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";
import { startSite } from "../support/site.mjs";

const held = await siteForFile({ vars: { MAIL_PROVIDER: "binding", MAIL_API_URL: "", MAIL_API_KEY: "" }, email: true });
const MINUTE = 60_000;

/** Mails handed over while `what` happened. */
async function during(what, count) {
  const before = (await boundMails(held.current)).length;
  await what();
  return (await boundMails(held.current, before + count)).slice(before);
}

const state = async (key) => (await held.current.sql("SELECT state, attempts, last_error FROM outbox WHERE key = ?", key))[0];
const remind = (person, key) => carryOut(held.current, { effect: "mail-owner", person: person.account, notice: { about: "enrolment-reminder" } }, { key });

test("a code arrives, as text and as HTML, and opens the enrolment", async () => {
  const site = held.current;
  const jonas = site.as(JONAS);
  const [{ raw, mail }] = await during(async () => {
    (await jonas.beginEnrolment()).good();
    await site.drain();
  }, 1);
  assert.equal(mail.from.address, "approvals@countersign.example");
  assert.equal(mail.from.name, "Countersign");
  assert.deepEqual(mail.to.map((one) => one.address), [JONAS.email]);
  assert.equal(mail.subject, "Your Countersign code");
  const [code] = mail.text.match(/[0-9A-Z]{4}-[0-9A-Z]{4}/);
  assert.ok(mail.html.includes(code) && mail.text.includes(JONAS.name));
  assert.ok(!mail.subject.includes(code));
  (await jonas.enterMailCode(code)).good();
  assert.match(raw, /^[\x00-\x7f]*$/, "nothing a mail server could change");
  assert.deepEqual(await site.mailsTo(JONAS), [], "nothing went to the HTTP API");
});

test("it says that a machine sent it, and names itself by its key alone", async () => {
  const [{ mail }] = await during(() => remind(VIEWER, "named"), 1);
  const header = (name) => mail.headers.filter((one) => one.key === name).map((one) => one.value);
  assert.deepEqual(header("auto-submitted"), ["auto-generated"]);
  assert.match(mail.messageId, /^<[0-9a-f]{64}@countersign\.example>$/);
  assert.equal(header("message-id").length, 1);
});

test("a mail whose answer was lost is sent again under the same Message-ID", async () => {
  const site = held.current;
  await site.worker.arm({ binding: "EMAIL", when: "after", times: 1 });
  const mails = await during(async () => {
    await remind(PRIYA, "lost");
    assert.equal((await state("lost")).state, "open");
    await site.advance(MINUTE);
    await site.drain();
  }, 2);
  assert.equal(mails.length, 2);
  assert.equal(mails[0].mail.messageId, mails[1].mail.messageId);
  assert.equal((await state("lost")).state, "done");
});

for (const code of ["E_RATE_LIMIT_EXCEEDED", "E_DAILY_LIMIT_EXCEEDED", "E_INTERNAL_SERVER_ERROR", "E_DELIVERY_FAILED", undefined]) {
  test(`after ${code ?? "an error without a code"} it is tried again`, async () => {
    const site = held.current;
    const key = `passing/${code}`;
    await site.worker.arm({ binding: "EMAIL", when: "before", times: 1, code, error: `no luck with ${VIEWER.email}` });
    const mails = await during(async () => {
      await remind(VIEWER, key);
      assert.deepEqual(await state(key), { state: "open", attempts: 1, last_error: "mail-down" });
      await site.advance(MINUTE);
      await site.drain();
    }, 1);
    assert.equal(mails.length, 1);
    assert.equal((await state(key)).state, "done");
  });
}

for (const code of ["E_SENDER_NOT_VERIFIED", "E_RECIPIENT_SUPPRESSED", "E_VALIDATION_ERROR", "E_CONTENT_TOO_LARGE"]) {
  test(`after ${code} it is given up, and admins can see it`, async () => {
    const site = held.current;
    const key = `final/${code}`;
    await site.worker.arm({ binding: "EMAIL", when: "before", times: 1, code, error: `no luck with ${VIEWER.email}` });
    await remind(VIEWER, key);
    assert.deepEqual(await state(key), { state: "failed", attempts: 1, last_error: "mail-refused" });
    await site.worker.disarm();
  });
}

test("what the binding says is told to nobody: it may quote an address", async () => {
  assert.ok(!held.current.worker.log.includes("no luck with"));
});

test("neither a title nor the name of a factor begins a header or a tag", async () => {
  const site = held.current;
  const evil = "Bye\r\nBcc: eve@example.com\r\n\r\n<img src=x onerror=alert(1)>";
  const page = await site.newPage({ title: evil });
  (await site.as(AUTHOR).on(page).submit()).good();
  const asked = await during(() => site.drain(), 1);
  const name = await text(site, evil);
  const notice = { about: "factor-enrolled", factor_kind: "totp", name };
  const told = await during(() => carryOut(site, { effect: "mail-owner", person: JONAS.account, notice }), 1);
  for (const { raw, mail } of [...asked, ...told]) {
    const names = mail.headers.map((one) => one.key).sort();
    assert.deepEqual(names, ["auto-submitted", "content-type", "date", "from", "message-id", "mime-version", "subject", "to"], raw);
    assert.equal(mail.bcc, undefined);
    assert.ok(!mail.html.includes("<img"), mail.html);
    assert.ok(mail.html.includes("&lt;img"), mail.html);
    assert.ok(!mail.subject.includes("\n"));
  }
});

test("a title that is no ASCII arrives as it was written", async () => {
  const site = held.current;
  const title = "Sicherheitsrichtlinie für Büros — ünïcödé 🔐 東京";
  const page = await site.newPage({ title });
  const [{ mail }] = await during(async () => {
    (await site.as(AUTHOR).on(page).submit()).good();
    await site.drain();
  }, 1);
  assert.ok(mail.subject.includes(title), mail.subject);
  assert.ok(mail.text.includes(title) && mail.html.includes(title));
});

test("without the binding, or with a provider nobody knows, mail waits and the log says why", async () => {
  for (const [vars, said] of [[{ MAIL_PROVIDER: "binding" }, "EMAIL"], [{ MAIL_PROVIDER: "pigeon" }, "MAIL_PROVIDER"]]) {
    const site = await startSite({ vars });
    try {
      const effect = { effect: "mail-owner", person: VIEWER.account, notice: { about: "enrolment-reminder" } };
      await carryOut(site, effect, { key: "waits" });
      const [row] = await site.sql("SELECT state, last_error FROM outbox WHERE key = 'waits'");
      assert.deepEqual(row, { state: "open", last_error: "settings" });
      assert.ok(site.worker.log.includes(said), site.worker.log);
    } finally {
      await site.stop();
    }
  }
});
