// A confirmation is for one request of one person: every byte of it, the page, its version and its content, once.
import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { ADMIN, AUTHOR, OTHER_SITE, POLICY_PAGE, PROCEDURE_PAGE } from "../support/identities.mjs";
import { putRules, rule } from "../support/rules.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const site = () => held.current;
const mira = () => site().as(AUTHOR);
const acts = async () =>
  (await site().sql("SELECT COUNT(*) AS n FROM journal WHERE kind IN ('submitted', 'selected', 'reassigned')"))[0].n;
const ask = rule(["submit", "select", "reassign"]);

before(async () => {
  await site().install(OTHER_SITE);
  for (const at of [mira(), mira().at(OTHER_SITE)]) {
    (await at.submit()).good();
    (await at.on(PROCEDURE_PAGE).submit()).good();
  }
  for (const who of [AUTHOR, ADMIN]) await site().as(who).enrol();
});

beforeEach(async () => {
  await site().sql("UPDATE guess SET failures = 0, locked_until = 0");
  await putRules(site(), ask);
  await site().edit();
  await site().edit(PROCEDURE_PAGE);
});

/** What Mira is asked to confirm for a submission. */
async function asked(more = {}) {
  const { confirm } = (await mira().submit({ comment: "Please look", ...more })).good();
  return { challenge: confirm.challenge, code: await mira().code() };
}

async function nothing(status, kind, act) {
  const before = await acts();
  (await act()).refused(status, kind);
  assert.equal(await acts(), before);
}

test("for another comment it is nothing", async () => {
  const confirm = await asked();
  await nothing(422, "challenge-invalid", () => mira().submit({ comment: "Please look!", confirm }));
});

test("for other reviewers it is nothing", async () => {
  const confirm = await asked();
  const assigned = { approvers: [ADMIN.account] };
  await nothing(422, "challenge-invalid", () => mira().submit({ comment: "Please look", assigned, confirm }));
});

test("for another page it is nothing", async () => {
  const confirm = await asked();
  await nothing(422, "challenge-invalid", () => mira().on(PROCEDURE_PAGE).submit({ comment: "Please look", confirm }));
});

test("for another version of the page it is nothing, whichever version the request names", async () => {
  const confirm = await asked();
  const version = await site().sandbox.version(POLICY_PAGE);
  await site().edit();
  await nothing(422, "challenge-invalid", () => mira().submit({ comment: "Please look", confirm }));
  await nothing(409, "page-moved", () => mira().submit({ version, comment: "Please look", confirm }));
});

test("for the same version with another attachment it is nothing", async () => {
  const confirm = await asked();
  await site().sandbox.attach(POLICY_PAGE, "appendix.pdf", "Appendix");
  await nothing(422, "challenge-invalid", () => mira().submit({ comment: "Please look", confirm }));
});

test("for another person it is nothing", async () => {
  const { challenge } = await asked();
  const sam = site().as(ADMIN);
  const confirm = { challenge, code: await sam.code() };
  await nothing(422, "challenge-invalid", () => sam.submit({ comment: "Please look", confirm }));
});

test("on another site it is nothing", async () => {
  const confirm = await asked();
  await nothing(422, "challenge-invalid", () => mira().at(OTHER_SITE).submit({ comment: "Please look", confirm }));
});

test("for another act it is nothing: a submission confirms no transition and no verdict", async () => {
  const confirm = await asked();
  const body = { to: "draft", page_version: await site().sandbox.version(POLICY_PAGE), seq: 99, comment: "", confirm };
  await nothing(422, "challenge-invalid", () => mira().call("/api/select", body));
  const verdict = { challenge: confirm.challenge, decision: "approve", page_version: body.page_version, code: confirm.code };
  await nothing(422, "challenge-invalid", () => mira().call("/api/decision", verdict));
});

test("without a code, or with a wrong one, it is nothing", async () => {
  const { challenge } = await asked();
  await nothing(422, "bad-field", () => mira().submit({ comment: "Please look", confirm: { challenge } }));
  const code = await mira().wrongCode();
  await nothing(422, "wrong-code", () => mira().submit({ comment: "Please look", confirm: { challenge, code } }));
});

test("after its time it is nothing", async () => {
  const { challenge } = await asked();
  await site().advance(301_000);
  const confirm = { challenge, code: await mira().code() };
  await nothing(410, "challenge-expired", () => mira().submit({ comment: "Please look", confirm }));
});

test("made before the policy asked for it, a challenge does not stand for one made after", async () => {
  const confirm = await asked();
  await putRules(site(), { ...ask, name: "Another version" });
  await nothing(422, "challenge-invalid", () => mira().submit({ comment: "Please look", confirm }));
});

test("a policy that begins to ask while a request is on its way is kept", async () => {
  await putRules(site());
  await site().sql(`CREATE TRIGGER policy_meanwhile INSTEAD OF INSERT ON require WHEN NEW.what = 'policy'
    BEGIN SELECT RAISE(ABORT, 'policy'); END`);
  try {
    await nothing(422, "challenge-invalid", () => mira().submit());
  } finally {
    await site().sql("DROP TRIGGER policy_meanwhile");
  }
});

test("raced against itself it is done once", async () => {
  const confirm = await asked();
  const before = await acts();
  const answers = await Promise.all(Array.from({ length: 4 }, () => mira().submit({ comment: "Please look", confirm }, { settle: false })));
  for (const answer of answers) assert.ok(answer.status === 200 || answer.status === 409, answer.text);
  assert.ok(answers.some((answer) => answer.status === 200));
  assert.equal(await acts(), before + 1);
});
