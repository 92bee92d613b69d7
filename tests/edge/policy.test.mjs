// The step-up policy: who is asked for what, why, and that what an admin is told beforehand is what then happens.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { asked, changed } from "../support/change.mjs";
import { ADMIN, AUTHOR, GUEST, JONAS, POLICY_PAGE, PRIYA, REVIEWERS, VIEWER } from "../support/identities.mjs";
import { draft, guard, inForce, policy, rule, session } from "../support/policy.mjs";
import { siteForFile } from "../support/server.mjs";

const EVERYBODY = [JONAS, PRIYA, GUEST, VIEWER];
const held = await siteForFile();
const site = () => held.current;
const admin = () => site().as(ADMIN).from("approval-settings");
const call = async (route, body = {}) => (await admin().call(route, body)).good();
const external = (more) => rule("external", { name: "External users", who: { is: "external" }, ...more });

/** A workflow whose approval everybody may give, each for themselves. */
const WORKFLOW = (id, step_up) => ({
  format: 1, id, name: `Workflow ${id}`,
  states: [
    { id: "draft", name: "Draft", initial: true, transitions: { submit: "review" } },
    {
      id: "review", name: "Review",
      approvals: [{
        id: "all", name: "Everybody", reviewers: { users: EVERYBODY.map((one) => one.account) }, mode: { minimum: 4 },
        meaning: "I approve it.", meaning_of_rejection: "I do not.", ...(step_up && { step_up }),
      }],
      transitions: { approved: "done", rejected: "draft" },
    },
    { id: "done", name: "Done", final: true, transitions: { updated: { to: "draft" } } },
  ],
});

/** A page under review by everybody. */
async function underReview(id, step_up) {
  await changed(admin(), "/api/settings/workflow/define", { document: WORKFLOW(id, step_up), values: { site: {} }, based_on: 0 });
  const rules = [{ id, scope: { of: "label", label: id }, mode: "required", workflow: id }];
  const before = await call("/api/settings/assignments");
  await changed(admin(), "/api/settings/assign", { rules: [...rules, ...before.rules], based_on: before.version });
  const page = await site().newPage({ title: `Page of ${id}`, labels: [id] });
  (await site().as(AUTHOR).on(page).submit()).good();
  return page;
}

/** Whether a verdict of somebody is asked for a code now. */
const isAsked = async (who, page) => (await site().as(who).on(page).challenge()).good().code_required;

let page;
before(async () => {
  await admin().enrol();
  for (const who of EVERYBODY) await site().as(who).enrol();
  page = await underReview("plain");
});

test("a site starts with the initial policy, and its history says so", async () => {
  const { version, newest, draft: says, history, warnings } = await policy(site());
  assert.deepEqual([version, newest, warnings], [1, 1, []]);
  assert.deepEqual(says.rules.map((one) => [one.id, one.force, one.who.is]), [["everyone", "default", "everyone"]]);
  assert.deepEqual(history.map((one) => [one.version, one.by]), [[1, undefined]]);
});

test("faults are told with their places, and nobody is asked for a code", async () => {
  const bad = rule("Bad Id", { name: " ", factors: [], fresh: session(3), actions: [], part_11: true, force: "default" });
  const { faults, changes } = await call("/api/settings/policy/check", { draft: draft([bad]) });
  assert.deepEqual(faults.map((one) => one.at), [
    "/rules/1/id", "/rules/1/name", "/rules/1/actions", "/rules/1/force", "/rules/1/demand/factors", "/rules/1/demand/fresh/minutes",
  ]);
  assert.deepEqual(changes, []);
  const problem = (await admin().call("/api/settings/policy/set", { based_on: 1, draft: draft([bad]) })).refused(422, "bad-policy");
  assert.equal(problem.faults.length, 6);
  const odd = draft([rule("odd", { factors: ["sms"] })]);
  (await admin().call("/api/settings/policy/set", { based_on: 1, draft: odd })).refused(422, "bad-request");
});

test("what a draft changes is said before it is confirmed", async () => {
  const { changes, warnings, locks_out } = await call("/api/settings/policy/check", { draft: draft([external()]) });
  assert.ok(changes.some((one) => one.startsWith("New rule “External users”: required of external users, to approve a page")), changes.join("\n"));
  assert.ok(changes.some((one) => one.startsWith("The rule “Verdicts and changes of the rules” is removed")));
  assert.deepEqual([warnings, locks_out], [[], undefined]);
});

test("a version is recorded with who set it, and how it was confirmed", async () => {
  assert.deepEqual(await inForce(site(), [external({ fresh: session(15) })]), { version: 2 });
  const [, entry] = await site().journal("policy");
  assert.deepEqual(entry.entry.actor, { is: "person", account: ADMIN.account });
  assert.equal(entry.entry.event.policy.version, 2);
  assert.deepEqual(entry.entry.event.policy.rules.map((one) => one.id), ["guard", "external"]);
  const facts = await site().journal(`person-facts/${ADMIN.account}`);
  const confirmed = facts.at(-1).entry.event;
  assert.deepEqual([confirmed.kind, confirmed.act, confirmed.proof.policy_version], ["change-confirmed", "set-policy", 1]);
  assert.equal(confirmed.proof.factor.kind, "totp");
  const { history, newest } = await policy(site());
  assert.deepEqual(history.map((one) => [one.version, one.by_name]), [[2, ADMIN.name], [1, undefined]]);
  assert.equal(newest, 2);
  const old = await call("/api/settings/policy", { version: 1 });
  assert.deepEqual([old.version, old.newest, old.draft.rules[0].id], [1, 2, "everyone"]);
  (await admin().call("/api/settings/policy", { version: 9 })).refused(404, "not-found");
});

test("a guest is challenged where others are not", async () => {
  assert.deepEqual([await isAsked(JONAS, page), await isAsked(GUEST, page)], [false, true]);
  const { how } = (await site().as(GUEST).on(page).challenge()).good();
  assert.deepEqual(how.factors, ["totp"]);
  assert.equal(how.begins_session, 15);
  assert.ok(how.because.join(" ").includes("your account is a guest's"), how.because.join(" "));
  assert.ok(how.because.join(" ").includes("“External users”"));
});

test("a session of fifteen minutes stands for the next code, and no longer", async () => {
  const other = await site().newPage({ title: "For the session", labels: ["plain"] });
  const late = await site().newPage({ title: "Too late", labels: ["plain"] });
  for (const one of [other, late]) (await site().as(AUTHOR).on(one).submit()).good();
  const guest = site().as(GUEST);
  const first = (await guest.on(page).challenge()).good();
  (await guest.on(page).decide(first, { code: await guest.code() })).good();
  const again = (await guest.on(other).challenge()).good();
  assert.deepEqual(again.how.factors, []);
  assert.ok(again.how.session_until > site().now());
  (await guest.on(other).decide(again, {})).good();
  const [{ entry }] = (await site().journal(`page/${other}`)).filter((row) => row.kind === "decided");
  assert.deepEqual([entry.event.proof.factor, entry.event.proof.session.kind], [undefined, "totp"]);
  await site().advance(15 * 60_000 + 1_000);
  const over = (await guest.on(late).challenge()).good();
  assert.deepEqual(over.how.factors, ["totp"]);
  (await guest.on(late).decide(over, {})).refused(422, "bad-field");
});

test("an address outside of the managed domains makes somebody external, and a list overrules it", async () => {
  const priya = async () => {
    const fresh = await site().newPage({ title: "Domains", labels: ["plain"] });
    (await site().as(AUTHOR).on(fresh).submit()).good();
    return isAsked(PRIYA, fresh);
  };
  await inForce(site(), [external()], { people: { managed_domains: ["Example.com"] } });
  assert.equal(await priya(), false, "example.com is hers");
  await inForce(site(), [external()], { people: { managed_domains: ["elsewhere.example"] } });
  assert.equal(await priya(), true);
  await inForce(site(), [external()], { people: { managed_domains: ["elsewhere.example"], internal: [PRIYA.account] } });
  assert.equal(await priya(), false, "listed as not external");
  await inForce(site(), [external()], { people: { external: [PRIYA.account] } });
  assert.equal(await priya(), true, "listed as external");
  const { external: why } = (await site().as(PRIYA).call("/api/why")).good();
  assert.equal(why, "You count as external because an admin listed your account.");
});

test("Confluence is asked for an address or a group only where a rule about the action asks", async () => {
  const addresses = async (who, on) => {
    await site().advance(11 * 60_000);
    await site().sandbox.forgetCalls();
    (await site().as(who).on(on).challenge()).good();
    const calls = await site().sandbox.calls();
    const of = (part) => calls.filter((one) => one.path.includes(part)).length;
    return [of("/user/email"), of("/user/memberof")];
  };
  const fresh = await site().newPage({ title: "Counted", labels: ["plain"] });
  (await site().as(AUTHOR).on(fresh).submit()).good();
  const people = { people: { managed_domains: ["example.com"] } };
  await inForce(site(), [rule("all", { actions: ["approve"] })], people);
  assert.deepEqual(await addresses(PRIYA, fresh), [0, 0], "no rule asks");
  await inForce(site(), [external({ actions: ["submit"] })], people);
  assert.deepEqual(await addresses(PRIYA, fresh), [0, 0], "a rule about something else");
  await inForce(site(), [external()], people);
  assert.deepEqual(await addresses(PRIYA, fresh), [1, 0]);
  (await site().as(PRIYA).on(fresh).challenge()).good();
  assert.equal((await site().sandbox.calls()).filter((one) => one.path.includes("/user/email")).length, 1, "the domain is remembered");
  await inForce(site(), [rule("pilot", { who: { is: "group", group: REVIEWERS } })], people);
  assert.deepEqual(await addresses(PRIYA, fresh), [0, 1]);
});

test("what can't be learned makes nothing easier", async () => {
  const fresh = await site().newPage({ title: "Not to be learned", labels: ["plain"] });
  (await site().as(AUTHOR).on(fresh).submit()).good();
  const people = { people: { managed_domains: ["example.com"] } };
  const broken = async (path, rules) => {
    await inForce(site(), rules, people);
    await site().advance(11 * 60_000);
    await site().sandbox.fault({ method: "*", path: `/wiki/rest/api${path}`, kind: "status", status: 500 });
    const answer = await site().as(PRIYA).on(fresh).challenge();
    await site().sandbox.clearFaults();
    return answer;
  };
  assert.equal((await broken("/user/email", [external()])).good().code_required, true, "counts as external");
  (await broken("/user/email", [rule("inside", { who: { is: "internal" } })])).refused(503, "confluence-unavailable");
  (await broken("/user/memberof", [rule("pilot", { who: { is: "group", group: REVIEWERS } })])).refused(503, "confluence-unavailable");
});

test("who is in more groups than can be looked through, or whose groups are not told, gets past no rule about a group", async () => {
  const fresh = await site().newPage({ title: "Many groups", labels: ["plain"] });
  (await site().as(AUTHOR).on(fresh).submit()).good();
  const last = Array.from({ length: 2000 }, (_, at) => at);
  for (const at of last) await site().sandbox.putGroup({ id: `many-${at}`, name: `Many ${at}`, members: [VIEWER.account] });
  await site().sandbox.putGroup({ id: "two-thousand-first", name: "The one", members: [VIEWER.account] });
  const challenge = async () => site().as(VIEWER).on(fresh).challenge();
  await inForce(site(), [rule("pilot", { who: { is: "group", group: "two-thousand-first" } })]);
  assert.match((await challenge()).refused(403, "not-allowed").detail, /which groups you are in/);
  // One found on the way is known all the same, and a rule about everyone asks nobody's groups.
  await inForce(site(), [rule("pilot", { who: { is: "group", group: "many-1999" } })]);
  assert.equal((await challenge()).good().code_required, true);
  for (const at of last) await site().sandbox.putGroup({ id: `many-${at}`, name: `Many ${at}`, members: [] });
  await inForce(site(), [rule("pilot", { who: { is: "group", group: "two-thousand-first" } })]);
  assert.equal((await challenge()).good().code_required, true);
  await site().advance(2 * 60_000);
  await site().sandbox.fault({ method: "GET", path: "/wiki/rest/api/user/memberof", kind: "status", status: 404 });
  (await challenge()).refused(403, "not-allowed");
  await site().sandbox.clearFaults();
});

test("a pilot group is asked before everybody is", async () => {
  const fresh = await site().newPage({ title: "Pilot", labels: ["plain"] });
  (await site().as(AUTHOR).on(fresh).submit()).good();
  await site().sandbox.putGroup({ id: "pilot", name: "Pilot", members: [JONAS.account] });
  await inForce(site(), [rule("pilot", { who: { is: "group", group: "pilot" }, force: "default" })]);
  assert.deepEqual([await isAsked(JONAS, fresh), await isAsked(VIEWER, fresh)], [true, false]);
  assert.equal((await policy(site())).groups.pilot, "Pilot");
});

test("an approval asks for more than a default rule, or for nothing, and never for less than a required one", async () => {
  const pages = { off: await underReview("lax", "off"), required: await underReview("strict", "required") };
  pages.demand = await underReview("own", { demand: { factors: ["passkey"], fresh: { is: "each-time" } } });
  const asks = async () => [await isAsked(JONAS, pages.off), await isAsked(JONAS, pages.required)];
  await inForce(site(), [rule("default", { force: "default" })]);
  assert.deepEqual(await asks(), [false, true]);
  await inForce(site(), []);
  assert.deepEqual(await asks(), [false, true], "nothing is asked but what the approval itself does");
  await inForce(site(), [rule("required")]);
  assert.deepEqual(await asks(), [true, true]);
  // Only a passkey satisfies both, and Jonas has none.
  (await site().as(JONAS).on(pages.demand).challenge()).refused(422, "no-factor");
});

test("meanings of a rule are what the signer chooses from", async () => {
  await inForce(site(), [rule("meant", { meanings: ["Reviewed.", "Approved for release."] })]);
  const fresh = await site().newPage({ title: "Meant", labels: ["plain"] });
  (await site().as(AUTHOR).on(fresh).submit()).good();
  const challenge = (await site().as(JONAS).on(fresh).challenge()).good();
  assert.deepEqual([challenge.meanings, challenge.shown.meaning], [["Reviewed.", "Approved for release."], "Reviewed."]);
});

test("submitting is confirmed where the policy asks for that", async () => {
  await site().as(AUTHOR).enrol();
  await inForce(site(), [rule("submit", { actions: ["submit"] })]);
  const fresh = await site().newPage({ title: "Confirmed submit", labels: ["plain"] });
  const author = site().as(AUTHOR).on(fresh);
  const version = await site().sandbox.version(fresh);
  const { challenge, how } = await asked(author, "/api/submit", { page_version: version, comment: "" });
  assert.deepEqual(how.factors, ["totp"]);
  const confirm = { challenge, code: await author.code() };
  (await author.call("/api/submit", { page_version: version, comment: "", confirm })).good();
  const [entry] = (await site().journal(`page/${fresh}`)).filter((row) => row.kind === "submitted");
  assert.equal(entry.entry.event.proof.factor.kind, "totp");
});

test("what if equals what then happens", async () => {
  const fresh = { plain: await site().newPage({ title: "Told plain", labels: ["plain"] }), strict: await site().newPage({ title: "Told strict", labels: ["strict"] }), lax: await site().newPage({ title: "Told lax", labels: ["lax"] }) };
  for (const one of Object.values(fresh)) {
    await inForce(site(), []);
    (await site().as(AUTHOR).on(one).submit()).good();
  }
  const whos = [{ is: "everyone" }, { is: "external" }, { is: "internal" }, { is: "group", group: "pilot" }];
  // A small generator with a seed of its own, so that a failure can be seen again.
  let seed = 20_261_122;
  const pick = (list) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return list[Math.floor((seed / 2_147_483_648) * list.length)];
  };
  for (let round = 0; round < 8; round += 1) {
    const rules = [1, 2, 3].slice(0, pick([0, 1, 2, 3])).map((n) => rule(`r${n}`, {
      who: pick(whos), force: pick(["default", "required"]), factors: pick([["totp"], ["totp", "passkey"], ["passkey"], ["mail-code", "totp"]]),
      actions: pick([["approve"], ["reject"], ["approve", "reject"]]), fresh: pick([{ is: "each-time" }, session(15)]),
    }));
    const people = pick([{}, { managed_domains: ["example.com"] }, { managed_domains: ["partner.example"] }, { external: [JONAS.account] }]);
    await inForce(site(), rules, { people });
    for (const who of [JONAS, GUEST, VIEWER]) {
      for (const [label, one] of Object.entries(fresh)) {
        const told = await call("/api/settings/policy/what-if", { page: one, person: who.account });
        for (const decision of ["approve", "reject"]) {
          const row = told.asked.find((row) => row.action === decision && row.approval === "Everybody");
          const seen = `${who.name}, ${decision} on ${label}, ${JSON.stringify({ rules, people })}`;
          const answer = await site().as(who).on(one).challenge(decision);
          if (row.demand && row.ways.length === 0) {
            assert.ok(["no-factor", "not-allowed"].includes(answer.body.kind), `${seen}: ${answer.text}`);
          } else {
            const { code_required, how } = answer.good();
            assert.equal(how.factors.length > 0 || how.session_until !== undefined, Boolean(row.demand), seen);
            if (how.factors.length > 0) assert.deepEqual(how.factors, row.ways, seen);
            if (!row.demand) assert.equal(code_required, false, seen);
          }
        }
        const why = (await site().as(who).on(one).call("/api/why")).good();
        const rows = (list) => list.filter((row) => ["approve", "reject"].includes(row.action)).map(({ action, demand, because }) => ({ action, demand, because }));
        assert.deepEqual(rows(why.asked), rows(told.asked), "they are told what the admin is told");
      }
    }
  }
});

test("what if goes by a draft, tells of people who have nothing, and refuses what is not there", async () => {
  const told = await call("/api/settings/policy/what-if", { page: POLICY_PAGE, person: GUEST.account, draft: draft([external({ factors: ["passkey"] })]) });
  assert.deepEqual([told.name, told.external, told.has], [GUEST.name, "guest", ["totp"]]);
  const row = told.asked.find((one) => one.action === "approve");
  assert.deepEqual([row.demand.factors, row.ways], [["passkey"], []]);
  (await admin().call("/api/settings/policy/what-if", { page: "999999", person: GUEST.account })).refused(404, "page-not-found");
  (await admin().call("/api/settings/policy/what-if", { page: POLICY_PAGE, person: "712020:nobody" })).refused(404, "not-found");
  (await admin().call("/api/settings/policy/what-if", { page: POLICY_PAGE, person: GUEST.account, draft: { rules: [rule("A")] } })).refused(422, "bad-policy");
});
