// What admins see of everybody's factors: active approvers are the people workflows really ask, external ones are counted
// apart, whoever left is gone, and reminders reach those who need them once a day.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ADMIN, AUTHOR, GUEST, JONAS, OTHER_SITE, PRIYA, PROCEDURE_PAGE, REVIEWERS, SITE, VIEWER } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const DAY = 24 * 3600_000;
const ask = (what, body = {}, who = ADMIN, options) => held.current.as(who).from("approval-settings").call(`/api/settings/insights${what}`, body, options);
const everybody = { who: "everybody" };
const list = async (filter = {}) => (await ask("", { filter })).good();
const accounts = (answer) => answer.people.map((person) => person.account).sort();
const line = async (who) => (await ask("/person", { account: who.account })).good().person;
const sql = (text, ...values) => held.current.sql(text, ...values);

before(async () => {
  await held.current.as(JONAS).enrol();
});

test("nobody but a Confluence admin sees them, and no module but the settings", async () => {
  for (const who of [JONAS, GUEST]) {
    for (const [what, body] of [["", {}], ["/person", { account: JONAS.account }], ["/remind", { people: [] }]]) {
      (await ask(what, body, who)).refused(403, "not-allowed");
    }
  }
  (await held.current.as(ADMIN).call("/api/settings/insights")).refused(403, "wrong-route");
});

test("members of a group that a workflow in use names are approvers before anything was submitted", async () => {
  const { people, total, departed, next, told } = await list();
  assert.deepEqual(people.map((person) => person.account).sort(), [ADMIN, JONAS, PRIYA].map((who) => who.account).sort());
  for (const person of people) assert.deepEqual(person.asked, ["workflow"]);
  assert.deepEqual([total, departed, next ?? null, told], [3, 0, null, true]);
});

test("a line says what somebody can confirm with, and what they tried", async () => {
  const jonas = await line(JONAS);
  assert.equal(jonas.name, JONAS.name);
  assert.equal(jonas.standing, "enrolled");
  assert.deepEqual(jonas.factors.map((factor) => [factor.factor_kind, factor.stage]), [["totp", "counts"]]);
  assert.ok(Math.abs(jonas.factors[0].expires_at - held.current.now() - 30 * DAY) < DAY);
  const priya = await line(PRIYA);
  assert.deepEqual([priya.standing, priya.factors, priya.last_use ?? null, priya.last_seen ?? null], ["never-enrolled", [], null, null]);
  for (const { name } of (await list(everybody)).people) assert.doesNotMatch(name, /^712020:/);
});

test("nothing of a secret is in the answer", async () => {
  const { text } = await ask("", { filter: everybody });
  for (const { secret } of await sql("SELECT secret FROM factor")) assert.ok(!text.includes(secret));
  assert.doesNotMatch(text, /@example\.com|hmac|secret/);
});

test("a decision makes an approver of whoever gave it; wrong codes and the last use are counted", async () => {
  const site = held.current;
  (await site.as(AUTHOR).submit()).good();
  const challenge = (await site.as(JONAS).challenge()).good();
  (await site.as(JONAS).decide(challenge, { code: site.as(JONAS).wrongCode(1) })).refused(422, "wrong-code");
  assert.deepEqual((await line(JONAS)).asked, ["waiting", "workflow"]);
  assert.deepEqual([(await line(JONAS)).failures, (await line(JONAS)).failures_of_late], [1, 1]);
  (await site.as(JONAS).approve()).good();
  const jonas = await line(JONAS);
  assert.deepEqual(jonas.asked, ["decided", "workflow"], "the page waits for nobody now");
  assert.deepEqual([jonas.failures, jonas.failures_of_late], [0, 1], "a success ends the row, not the record");
  assert.ok(held.current.now() - jonas.last_use < 60_000 && jonas.last_seen >= jonas.last_use);
});

test("whoever is asked by name is an approver: now, and for 90 days", async () => {
  const site = held.current;
  const by = (account) => `{"kind":"reassigned","approval":"approvers","to":{"account":"${account}"}}`;
  assert.equal((await list()).people.some((person) => person.account === VIEWER.account), false);
  // A reassignment, as the journal would hold it.
  const entry = `{"event":${by(VIEWER.account)}}`;
  const at = site.now() - 89 * DAY;
  await sql(
    `INSERT INTO journal (site, stream, seq, position, at, kind, entry, leaf)
     VALUES (?1, 'page/1', 1, (SELECT MAX(position) + 1 FROM journal WHERE site = ?1), ?2, 'reassigned', ?3, 'x')`,
    SITE.key, at, entry,
  );
  assert.deepEqual((await line(VIEWER)).asked, ["asked"]);
  await site.advance(2 * DAY);
  assert.equal(await line(VIEWER), null, "91 days ago is long ago");
});

test("the table of approvers is what the journal says, byte for byte", async () => {
  const rows = () => sql("SELECT * FROM approver ORDER BY site, person");
  const kept = await rows();
  assert.ok(kept.length >= 2);
  await sql("DELETE FROM approver");
  await sql(
    `INSERT INTO approver (site, person, asked_at, decided_at, used_at)
     SELECT site, person, MAX(asked_at), MAX(decided_at), MAX(used_at) FROM approving GROUP BY site, person`,
  );
  assert.deepEqual(await rows(), kept);
});

test("who left the group is gone, and who joined is there", async () => {
  const site = held.current;
  const members = (people) => site.sandbox.putGroup({ id: REVIEWERS, name: REVIEWERS, members: people.map((who) => who.account) });
  // A page asks the group while somebody leaves it.
  (await site.as(AUTHOR).on(PROCEDURE_PAGE).submit()).good();
  assert.deepEqual((await line(PRIYA)).asked, ["waiting", "workflow"]);
  await members([JONAS, ADMIN, VIEWER]);
  await site.advance(61_000);
  assert.equal(await line(PRIYA), null);
  assert.deepEqual((await line(VIEWER)).asked, ["waiting", "workflow"]);
  await members([JONAS, ADMIN, PRIYA]);
  await site.advance(61_000);
  assert.equal(await line(VIEWER), null);
  assert.deepEqual((await line(PRIYA)).asked, ["waiting", "workflow"]);
});

test("a deactivated account is neither listed nor counted, and it is said that it was left out", async () => {
  const site = held.current;
  await site.sandbox.deactivate(PRIYA.account);
  const { people, departed, total } = await list();
  assert.deepEqual([people.some((person) => person.account === PRIYA.account), departed, total], [false, 1, 3]);
  assert.equal(await line(PRIYA), null);
  const { people: outcome } = (await ask("/remind", { people: [PRIYA.account] })).good();
  assert.deepEqual(outcome, [{ account: PRIYA.account, outcome: "not-asked" }]);
  await site.sandbox.deactivate(PRIYA.account, false);
  assert.notEqual(await line(PRIYA), null);
});

test("guests, listed people and addresses outside the organisation's domains count as external, each with the reason", async () => {
  const site = held.current;
  const [{ entry }] = await sql("SELECT entry FROM journal WHERE site = ? AND stream = 'policy' ORDER BY seq DESC LIMIT 1", SITE.key);
  const { policy } = JSON.parse(entry).event;
  const set = async (people, more = {}) => {
    const [{ seq }] = await sql("SELECT MAX(seq) AS seq FROM journal WHERE site = ? AND stream = 'policy'", SITE.key);
    const next = { ...JSON.parse(entry), event: { kind: "policy-set", policy: { ...policy, ...more, version: seq + 1, people } } };
    await sql(
      `INSERT INTO journal (site, stream, seq, position, at, kind, entry, leaf)
       VALUES (?1, 'policy', ?2, (SELECT MAX(position) + 1 FROM journal WHERE site = ?1), ?3, 'policy-set', ?4, 'x')`,
      SITE.key, seq + 1, site.now(), JSON.stringify(next),
    );
  };
  await site.sandbox.putGroup({ id: REVIEWERS, name: REVIEWERS, members: [JONAS, ADMIN, PRIYA, GUEST].map((who) => who.account) });
  await site.advance(61_000);
  const outside = async (filter) => Object.fromEntries((await list(filter)).people.map((person) => [person.account, person.external ?? null]));
  assert.deepEqual((await outside({ external: true })), { [GUEST.account]: "guest" });
  await set({ managed_domains: ["elsewhere.example"], internal: [JONAS.account], external: [ADMIN.account] });
  assert.deepEqual(await outside(), {
    [ADMIN.account]: "listed", [JONAS.account]: null, [PRIYA.account]: "unmanaged-domain", [GUEST.account]: "guest",
  });
  await set({ managed_domains: ["example.com"] });
  assert.deepEqual(await outside({ external: false }), { [ADMIN.account]: null, [JONAS.account]: null, [PRIYA.account]: null });
  // A policy that takes mailed codes: whoever has nothing stronger is "mailbox only".
  const rules = policy.rules.map((rule) => ({ ...rule, demand: { ...rule.demand, factors: ["mail-code", "totp"] } }));
  await set({}, { rules });
  assert.equal((await line(PRIYA)).standing, "mailbox-only");
  assert.equal((await line(JONAS)).standing, "enrolled");
  await set({});
  assert.equal((await line(PRIYA)).standing, "never-enrolled");
});

test("a factor that ends soon, has ended, or was left for long is told apart", async () => {
  const site = held.current;
  const until = async (days) => {
    await sql("UPDATE factor SET expires_at = ? WHERE person = ?", days === null ? null : site.now() + days * DAY, JONAS.account);
    return (await line(JONAS)).standing;
  };
  assert.equal(await until(8), "enrolled");
  assert.equal(await until(6), "expires-soon");
  assert.equal(await until(-1), "expired");
  assert.equal(await until(-91), "ended");
  assert.deepEqual((await line(JONAS)).factors, []);
  assert.equal(await until(null), "enrolled");
});

test("somebody with a factor or a lock whom no workflow asks is listed apart", async () => {
  const site = held.current;
  await sql("INSERT INTO guess (site, person, failures, locked_until, held) VALUES (?, ?, 50, 0, 0)", SITE.key, VIEWER.account);
  const viewer = await line(VIEWER);
  assert.deepEqual([viewer.asked, viewer.lock, viewer.failures], [[], { is: "until-unlocked" }, 50]);
  assert.deepEqual(accounts(await list({ who: "others" })), [VIEWER.account]);
  assert.equal(accounts(await list()).includes(VIEWER.account), false);
  assert.deepEqual(accounts(await list({ who: "everybody", locked: true })), [VIEWER.account]);
  await site.sandbox.deactivate(VIEWER.account);
  assert.equal(await line(VIEWER), null);
  await site.sandbox.deactivate(VIEWER.account, false);
});

test("filters fit together", async () => {
  assert.deepEqual(accounts(await list({ standing: "enrolled", factor_kind: "totp" })), [JONAS.account]);
  assert.deepEqual(accounts(await list({ factor_kind: "passkey" })), []);
  assert.deepEqual(accounts(await list({ text: "raman" })), [PRIYA.account]);
  assert.deepEqual(accounts(await list({ text: "raman", standing: "enrolled" })), []);
});

test("a long list comes in portions, everybody once, with a bounded number of calls each", async () => {
  const site = held.current;
  const many = Array.from({ length: 230 }, (_, number) => `712020:many-${String(number).padStart(3, "0")}`);
  for (const accountId of many) await site.sandbox.putPerson({ accountId, name: `Person ${accountId.slice(-3)}` });
  const values = many.map((account) => `('${SITE.key}', '${account}', ${site.now()}, 0, 0)`);
  await sql(`INSERT INTO approver (site, person, asked_at, decided_at, used_at) VALUES ${values.join(", ")}`);
  const [seen, calls] = [[], []];
  for (let after; ; ) {
    await site.sandbox.forgetCalls();
    const portion = (await ask("", { after })).good();
    calls.push((await site.sandbox.calls()).length);
    assert.ok(portion.looked_at <= 100);
    assert.equal(portion.total, 235);
    seen.push(...portion.people.map((person) => person.account));
    if (!portion.next) break;
    after = portion.next;
  }
  assert.equal(new Set(seen).size, seen.length);
  assert.deepEqual(many.filter((account) => !seen.includes(account)), []);
  assert.ok(calls.every((count) => count <= 40), `calls: ${calls}`);
  await sql("DELETE FROM approver WHERE person LIKE '712020:many-%'");
});

test("without Confluence who is locked is shown all the same, and it is said what is missing", async () => {
  const site = held.current;
  await site.advance(700_000);
  await site.sandbox.fault({ method: "*", path: "/wiki/rest/api/group", kind: "status", status: 500 });
  const { people, told, cut } = await list(everybody);
  await site.sandbox.clearFaults();
  assert.deepEqual([told, cut], [false, [REVIEWERS]]);
  assert.equal(people.find((person) => person.account === VIEWER.account)?.name, VIEWER.account);
});

test("a reminder is mailed to whoever needs one, and to nobody else", async () => {
  const site = held.current;
  const people = [PRIYA, JONAS, VIEWER, AUTHOR].map((who) => who.account);
  const { people: outcome } = (await ask("/remind", { people })).good();
  assert.deepEqual(outcome.map((one) => one.outcome), ["mailed", "not-needed", "not-asked", "not-asked"]);
  await site.drain();
  const to = async (who) => (await site.mailsTo(who)).filter((mail) => /set up|remind/i.test(mail.subject) && mail.text.includes(ADMIN.name));
  assert.equal((await to(PRIYA)).length, 1, JSON.stringify((await site.mailsTo(PRIYA)).map((mail) => mail.subject)));
  for (const who of [JONAS, VIEWER, AUTHOR]) assert.equal((await to(who)).length, 0, who.name);
  assert.ok(Math.abs((await line(PRIYA)).reminded_at - site.now()) < 60_000);
});

test("nobody is reminded twice a day, however many ask at once", async () => {
  const site = held.current;
  const { people } = (await ask("/remind", { people: [PRIYA.account] })).good();
  assert.deepEqual(people[0].outcome, "of-late");
  await site.advance(DAY);
  const racing = await Promise.all(Array.from({ length: 8 }, () => ask("/remind", { people: [PRIYA.account] }, ADMIN, { settle: false })));
  const outcomes = racing.map((answer) => answer.good().people[0].outcome).sort();
  assert.deepEqual(outcomes, ["mailed", ...Array(7).fill("of-late")]);
  await site.drain();
  const [{ n }] = await sql("SELECT COUNT(*) AS n FROM outbox WHERE effect LIKE '%enrolment-reminder%'");
  assert.equal(n, 2);
});

test("a reminder names a bounded number of people, each once", async () => {
  (await ask("/remind", { people: [PRIYA.account, PRIYA.account] })).refused(422, "bad-field");
  (await ask("/remind", { people: Array.from({ length: 101 }, (_, number) => `p${number}`) })).refused(422, "bad-field");
});

test("an admin of another site sees nothing of this one", async () => {
  const site = held.current;
  await site.install(OTHER_SITE);
  const there = site.as(ADMIN).at(OTHER_SITE).from("approval-settings");
  const { people } = (await there.call("/api/settings/insights", { filter: everybody })).good();
  assert.equal(people.some((person) => person.standing === "enrolled" || person.lock), false);
  assert.equal((await there.call("/api/settings/insights/person", { account: VIEWER.account })).good().person, null);
});
