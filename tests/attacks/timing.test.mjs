// What a refusal takes says no more than the refusal. Somebody who measures sees which calls a Worker makes before it
// answers, by far the longest part of it (and code in between runs with its clock standing still); so refusals that must
// look alike make the same calls in the same order and say the same, byte for byte. Codes themselves are compared in
// constant time (`engine/src/token/totp.rs`, `edge/src/secret/mail_code.rs`).
import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { first } from "../support/factors.mjs";
import { ADMIN, AUTHOR, JONAS, PRIYA, SITE, VIEWER } from "../support/identities.mjs";
import { ANNA, OMAR, invitedTo, lettingInvite } from "../support/invited.mjs";
import { plantPolicy, withFactors } from "../support/plant-policy.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const site = () => held.current;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const of = {};

before(async () => {
  await site().as(JONAS).enrol();
  of.admin = await first(site().as(ADMIN));
});
beforeEach(async () => {
  await site().advance(HOUR + MINUTE);
  await site().sql("DELETE FROM guess");
  await site().sql("DELETE FROM mail_asked");
});

/** What a request took before it was answered, and the answer. */
async function taken(ask) {
  await site().worker.idle();
  await site().sandbox.forgetCalls();
  const answer = await ask();
  // Some go out side by side: their order is the network's.
  const calls = (await site().sandbox.calls()).map((call) => `${call.method} ${call.path}`).sort();
  const stored = answer.used.filter((call) => !call.background).map((call) => (call.d1 ? `d1 ${call.sql.join("; ")}` : `kv ${call.kv}`));
  return { status: answer.status, text: answer.text, stored, calls };
}

/** Each of these, asked anew, is answered alike and takes the same. */
async function alike(kind, cases) {
  const all = [];
  for (const [name, ask] of Object.entries(cases)) {
    await site().sql("DELETE FROM guess");
    all.push([name, await taken(ask)]);
  }
  const [[, reference]] = all;
  assert.equal(JSON.parse(reference.text).kind, kind, reference.text);
  assert.ok(reference.stored.every((call) => call.length > 3), "the report of the calls was too long to be compared");
  for (const [name, one] of all) assert.deepEqual(one, reference, name);
}

/** A page under review, and its challenge. */
async function challenged(who) {
  const page = await site().newPage({ title: "Under review" });
  (await site().as(AUTHOR).on(page).submit()).good();
  await site().drain();
  const person = site().as(who).on(page);
  return { person, challenge: (await person.challenge()).good() };
}
/** The same code but for its last letter. */
const butLast = (code) => code.slice(0, -1) + (code.endsWith("Z") ? "Y" : "Z");
/** The same code but for one digit. */
const butFor = (code, at) => code.slice(0, at) + ((Number(code[at]) + 5) % 10) + code.slice(at + 1);

test("a wrong code: however much of it is right, whosever it is, and whenever it was or will be", async () => {
  const { person, challenge } = await challenged(JONAS);
  const decide = (code) => () => person.decide(challenge, { code });
  const at = (who, step) => site().authenticators.at(who.account, step);
  const now = at(JONAS, 0);
  await alike("wrong-code", {
    "none of it": decide(person.wrongCode(1)),
    "all but the first digit": decide(butFor(now, 0)),
    "all but the last digit": decide(butFor(now, 5)),
    "two steps ago": decide(at(JONAS, -3)),
    "soon": decide(at(JONAS, 4)),
    "somebody else's": decide(at(ADMIN, 0)),
  });
});

test("while somebody is locked: the right code and a wrong one", async () => {
  const { person, challenge } = await challenged(JONAS);
  const until = site().now() + 30 * MINUTE;
  const locked = (code) => async () => {
    await site().sql("INSERT INTO guess (site, person, failures, locked_until, held) VALUES (?, ?, 7, ?, 0)", SITE.key, JONAS.account, until);
    return person.decide(challenge, { code: code() });
  };
  await alike("locked", {
    "a wrong code": locked(() => person.wrongCode(1)),
    "the right code": locked(() => site().authenticators.at(JONAS.account, 0)),
  });
});

test("a recovery code: one nobody has, one's own but for the last letter, and somebody else's", async () => {
  const own = await first(site().as(VIEWER));
  const begin = (code) => async () => {
    const body = { name: "new" };
    const { confirm } = (await site().as(VIEWER).call("/api/enrolment/begin", body)).good();
    await site().worker.idle();
    await site().sandbox.forgetCalls();
    return site().as(VIEWER).call("/api/enrolment/begin", { ...body, confirm: { challenge: confirm.challenge, code } });
  };
  await alike("wrong-code", {
    "nobody's": begin("AAAA-BBBB-CCCC-DDDD-EEEE-2345"),
    "all but the last letter": begin(butLast(own.recovery_codes[0])),
    "somebody else's": begin(of.admin.recovery_codes[0]),
  });
});

test("a mailed code: a wrong one, one that is wrong in its last letter, one of an older challenge", async () => {
  await plantPolicy(site(), withFactors("mail-code", "totp", "passkey"));
  const pages = [await challenged(PRIYA), await challenged(PRIYA)];
  const codes = [];
  for (const { person, challenge } of pages) codes.push(await person.mailedSignCode(challenge));
  const [, { person, challenge }] = pages;
  await alike("wrong-code", {
    "a wrong one": () => person.decide(challenge, { code: "ZZZZ-ZZZZ" }),
    "all but the last letter": () => person.decide(challenge, { code: butLast(codes[1]) }),
    "of the challenge before": () => person.decide(challenge, { code: codes[0] }),
  });
});

test("a factor: somebody else's, and one that never was", async () => {
  const rename = (factor) => () => site().as(JONAS).call("/api/factors/rename", { factor, name: "mine" });
  await alike("not-found", { "one that never was": rename("f0000000000000000000000"), "somebody else's": rename(of.admin.factor) });
});

test("whom an admin may unlock: to who is none, it is the same whether that person is locked, is not, or does not exist", async () => {
  const unlock = (account, locked) => async () => {
    if (locked) await site().sql("INSERT INTO guess (site, person, failures, locked_until, held) VALUES (?, ?, 60, 0, 1)", SITE.key, account);
    return site().as(AUTHOR).from("approval-settings").call("/api/settings/insights/unlock", { account, reason: "Please" });
  };
  await alike("not-allowed", {
    "one who is locked": unlock(JONAS.account, true),
    "one who is not": unlock(JONAS.account, false),
    "nobody": unlock("712020:nobody", false),
  });
});

test("at the door of an invitation: a wrong code, another person's, one that has run out, and one where none was asked for", async () => {
  await lettingInvite(site());
  const anna = await invitedTo(site(), ANNA);
  const omar = await invitedTo(site(), OMAR);
  (await omar.visitor.askForCode()).good();
  const others = await omar.visitor.mailedCode();
  const enter = (code) => () => anna.visitor.elsewhere().enter(code);
  await alike("wrong-code", { "none was asked for": enter("ZZZZ-ZZZZ"), "somebody else's": enter(others) });
  (await anna.visitor.askForCode()).good();
  const code = await anna.visitor.mailedCode();
  await alike("wrong-code", {
    "a wrong one": enter("ZZZZ-ZZZZ"),
    "all but the last letter": enter(butLast(code)),
    "somebody else's": enter(others),
  });
  const wrong = await taken(enter("ZZZZ-ZZZZ"));
  await site().advance(HOUR);
  await site().sql("DELETE FROM guess");
  const late = await taken(enter(code));
  assert.deepEqual(late.stored, wrong.stored);
});
