// Bad input: a typed problem with a status other than 401, nothing lost, nothing of what was sent repeated.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ADMIN, AUTHOR, JONAS, POLICY_PAGE, VIEWER } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
before(async () => {
  await held.current.as(JONAS).enrol();
  (await held.current.as(AUTHOR).submit()).good();
});

const unchanged = async (act) => {
  const before = await held.current.entries();
  await act();
  assert.equal(await held.current.entries(), before, "something was recorded");
};

test("what is not JSON is bad-json", () => unchanged(async () => {
  for (const raw of ["", "{", "nonsense", '{"page_version":', "{} {}", "\u0000"]) {
    (await held.current.as(AUTHOR).call("/api/submit", {}, { raw })).refused(400, "bad-json");
  }
}));

test("JSON of another shape is bad-request, the field named", () => unchanged(async () => {
  const author = held.current.as(AUTHOR);
  for (const raw of ["[]", "null", '"x"', "3", '{"page_version":"1"}', '{"page_version":-1}', '{"page_version":1.5}', "{}"]) {
    (await author.call("/api/submit", {}, { raw })).refused(422, "bad-request");
  }
  const problem = (await held.current.as(JONAS).call("/api/decision", {
    challenge: "x", decision: "approve", page_version: 1, code: 987654,
  })).refused(422, "bad-request");
  assert.equal(problem.field, "code");
  assert.ok(!problem.detail.includes("987654"));
}));

test("a verdict or transition nobody knows is refused", () => unchanged(async () => {
  for (const decision of ["publish", "APPROVE", "", "reject "]) {
    const answer = await held.current.as(JONAS).call("/api/challenge", { decision, page_version: 1 });
    answer.refused(422, "bad-request");
  }
}));

test("a body too large is refused, announced or not", () => unchanged(async () => {
  const author = held.current.as(AUTHOR);
  const raw = JSON.stringify({ page_version: 1, comment: "x".repeat(80_000) });
  (await author.call("/api/submit", {}, { raw })).refused(413, "too-large");
  const headers = { ...(await author.headers()) };
  const body = new ReadableStream({
    start(stream) {
      stream.enqueue(new TextEncoder().encode(raw));
      stream.close();
    },
  });
  const answer = await held.current.worker.fetch("/api/submit", { method: "POST", headers, body, duplex: "half" });
  assert.equal(answer.status, 413);
  const event = { eventType: "avi:confluence:updated:page", filler: "x".repeat(300_000) };
  (await held.current.event(event)).refused(413, "too-large");
}));

test("a comment of 4,000 characters is taken, of 10,000 it is not, and nothing of it is lost", async () => {
  const jonas = held.current.as(JONAS);
  const challenge = (await jonas.challenge("approve")).good();
  const code = await jonas.code();
  await unchanged(async () => {
    const problem = (await jonas.decide(challenge, { code, comment: "y".repeat(10_000) })).refused(422, "bad-field");
    assert.equal(problem.field, "comment");
    assert.match(problem.detail, /4[,.  ]?000/);
  });
  (await jonas.decide(challenge, { code, comment: "ü".repeat(4000) })).good();
  await held.current.edit(POLICY_PAGE);
  (await held.current.as(AUTHOR).submit({ comment: "z".repeat(10_000) })).refused(422, "bad-field");
  (await held.current.as(AUTHOR).submit({ comment: "" })).good();
});

test("digits of other scripts, and anything but six digits, are no code and no attempt", () => unchanged(async () => {
  const jonas = held.current.as(JONAS);
  const challenge = (await jonas.challenge("approve")).good();
  const codes = ["１２３４５６", "٣٤٥٦٧٨", "१२३४५६", "12345", "1234567", "12 456", "12345a", "-12345", "", "𝟏𝟐𝟑𝟒𝟓𝟔"];
  for (const code of codes) {
    const problem = (await jonas.decide(challenge, { code })).refused(422, "bad-field");
    assert.equal(problem.field, "code");
  }
  const [row] = await held.current.sql("SELECT failures FROM guess WHERE person = ?", JONAS.account);
  assert.equal(row?.failures ?? 0, 0);
}));

test("a page Confluence does not know is not found", () => unchanged(async () => {
  const lost = held.current.as(AUTHOR).on("424242");
  (await lost.submit({ version: 1 })).refused(404, "page-not-found");
  (await lost.challenge("approve", { version: 1 })).refused(409, "not-under-workflow");
  assert.equal((await lost.confirm()).good().status.seq, 0);
}));

test("a module that stands on no page is told so", () => unchanged(async () => {
  const author = held.current.as(AUTHOR);
  for (const content of [undefined, { id: "98305", type: "blogpost" }, { id: "../98305", type: "page" }, { id: "", type: "page" }]) {
    const claims = author.claims();
    claims.context.extension.content = content;
    (await author.call("/api/confirm", {}, { claims })).refused(404, "page-not-found");
  }
}));

test("a definition naming a state that does not exist is refused with the place of the fault", () => unchanged(async () => {
  const definition = {
    format: 1, id: "w", name: "W",
    states: [
      { id: "draft", name: "Draft", initial: true, transitions: { submit: "nowhere" } },
      { id: "done", name: "Done", final: true },
    ],
  };
  const admin = held.current.as(ADMIN).from("approval-settings");
  const problem = (await admin.call("/api/settings/check-workflow", { definition })).refused(422, "bad-definition");
  assert.ok(problem.faults.length > 0);
  assert.match(JSON.stringify(problem.faults), /nowhere/);
}));

test("an address that does not exist is 404, another method 405, and neither asks for a token", async () => {
  const { worker } = held.current;
  for (const path of ["/", "/api", "/api/status/", "/API/STATUS", "//api/status", "/api/../api/nothing"]) {
    assert.equal((await worker.fetch(path, { method: "POST", body: "{}" })).status, 404, path);
  }
  for (const method of ["GET", "PUT", "DELETE", "PATCH"]) {
    const answer = await worker.fetch("/api/status", { method });
    assert.equal(answer.status, 405, method);
    assert.equal(answer.headers.get("allow"), "POST");
    assert.equal((await answer.json()).kind, "wrong-method");
  }
  const health = await worker.fetch("/health");
  assert.deepEqual([health.status, await health.json()], [200, { ok: true }]);
  const schema = await worker.fetch("/workflow.schema.json");
  assert.equal(schema.status, 200);
  assert.match((await schema.json()).$schema, /2020-12/, "what a definition looks like is for anybody to read");
});

test("events nobody can read are taken without harm", () => unchanged(async () => {
  for (const body of [{}, { eventType: "avi:confluence:something:new" }, { eventType: "avi:confluence:updated:page" },
    { eventType: "avi:confluence:updated:page", content: { id: "1; DROP TABLE journal", version: { number: "x" } } },
    { payload: { eventType: 7 } }]) {
    const answer = await held.current.event(body);
    assert.ok(answer.status === 200 || answer.status === 422, answer.text);
  }
}));

test("a version that is not on screen any more is refused with the one that is", () => unchanged(async () => {
  const now = await held.current.sandbox.version(POLICY_PAGE);
  const answer = await held.current.as(JONAS).challenge("approve", { version: now - 1 });
  assert.equal(answer.refused(409, "page-moved").page_version, now);
}));

test("a viewer's mistake shows no trace of the inside", async () => {
  const answers = await Promise.all([
    held.current.as(VIEWER).call("/api/submit", {}, { raw: "{" }),
    held.current.as(VIEWER).call("/api/decision", { challenge: "'; DROP TABLE journal; --", decision: "approve", page_version: 1, code: "123456" }),
    held.current.as(VIEWER).on("99999999999999999999").submit({ version: 1 }),
  ]);
  for (const answer of answers) {
    assert.ok(answer.status >= 400 && answer.status < 500 && answer.status !== 401, answer.text);
    assert.doesNotMatch(answer.text, /D1_|SQLITE|SELECT|INSERT|panicked|at [\w.]+ \(|src\/|\.rs/i);
  }
});
