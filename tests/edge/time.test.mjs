// Time: states expire, reviews fall due, people are reminded by their own clocks. Each once, whatever happens meanwhile.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { AUTHOR, JONAS, PRIYA } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";
import { putWorkflow } from "../support/workflows.mjs";

const HOUR = 3600_000;
const DAY = 24 * HOUR;
const held = await siteForFile();

const DOCUMENT = {
  format: 1,
  id: "page-approval",
  name: "Timed",
  states: [
    {
      id: "draft", name: "Draft", initial: true, expiry: { after: "P30D" },
      transitions: { submit: { to: "review" }, expired: "stale", updated: "stay" },
    },
    {
      id: "review", name: "Review",
      approvals: [
        {
          id: "owners", name: "Owners", mode: "all", due: "P7D", remind: ["P1D"],
          reviewers: { users: [JONAS.account, PRIYA.account] },
          meaning: "I approve.", meaning_of_rejection: "I do not approve.",
        },
      ],
      transitions: { approved: "done", rejected: "draft", updated: { to: "draft" } },
    },
    { id: "done", name: "Done", final: true, transitions: { updated: { to: "draft" } } },
    { id: "stale", name: "Stale", transitions: { submit: { to: "review" }, updated: { to: "draft" } } },
  ],
};

const site = () => held.current;

// For each test alone, too.
before(() => putWorkflow(site(), DOCUMENT));

/** Moves the clock to an instant, and lets everything happen that is due then. */
async function until(instant) {
  await site().advance(Date.parse(instant) - site().now());
  await happen();
}

async function happen() {
  for (let round = 0; round < 40; round += 1) {
    await site().worker.idle();
    const [{ due }] = await site().sql(
      `SELECT (SELECT COUNT(*) FROM timer WHERE fired = 0 AND at <= ?1)
            + (SELECT COUNT(*) FROM outbox AS row WHERE state = 'open' AND next_at <= ?1 AND lease_until <= ?1
                  AND id = (SELECT MIN(id) FROM outbox WHERE site = row.site AND lane = row.lane AND state = 'open')) AS due`,
      site().now(),
    );
    if (due === 0) return;
    await site().worker.scheduled();
  }
  throw new Error(`it does not end: ${JSON.stringify(await site().outbox())} ${JSON.stringify(await site().sql("SELECT * FROM timer"))}`);
}

const timers = (page) => site().sql("SELECT kind, person, nth, at, fired FROM timer WHERE page = ? ORDER BY at, person", String(page));
const subjects = async (who, about) =>
  (await site().mailsTo(who)).map((mail) => mail.subject).filter((subject) => subject.includes(about));
const kinds = async (page) => (await site().journal(`page/${page}`)).map((row) => row.kind);
const expiries = async (page) =>
  (await site().journal(`page/${page}`)).filter((row) => row.entry.event.cause === "expired").length;

test("two people are reminded at nine by their own clocks, over a change of the clocks of one", async () => {
  await until("2027-03-24T10:00:00Z");
  const page = await site().newPage({ title: "Spring" });
  (await site().as(AUTHOR).on(page).submit()).good();
  await happen();
  const [mail] = (await site().mailsTo(JONAS)).filter((one) => one.subject.includes("Spring"));
  assert.match(mail.subject, /Please review/);
  assert.match(mail.text, /Mira Okafor asks you to review version \d+ of “Spring”/);
  // Stockholm changes its clocks on 28 March.
  assert.match(mail.text, /Wednesday 31 March 2027, 12:00 \(Europe\/Stockholm\)/);
  assert.match(mail.text, new RegExp(`/wiki/[^ ]*${page}`));
  assert.match(mail.html, /<a href="[^"]+">/);
  assert.deepEqual(await subjects(PRIYA, "Spring"), ["Please review “Spring”"]);
  const reminders = (await timers(page)).filter((timer) => timer.kind === "reminder" && timer.nth === 1);
  assert.deepEqual(reminders.map((timer) => new Date(timer.at).toISOString()), ["2027-03-30T03:30:00.000Z", "2027-03-30T07:00:00.000Z"]);
  await until("2027-03-30T03:29:00Z");
  assert.equal((await subjects(PRIYA, "Spring")).length, 1);
  await until("2027-03-30T03:31:00Z");
  assert.deepEqual((await subjects(PRIYA, "Spring")).slice(1), ["Reminder: “Spring” waits for your decision"]);
  await until("2027-03-30T06:59:00Z");
  assert.equal((await subjects(JONAS, "Spring")).length, 1, "it is still before nine in Stockholm");
  await until("2027-03-30T07:01:00Z");
  assert.deepEqual((await subjects(JONAS, "Spring")).slice(1), ["Reminder: “Spring” waits for your decision"]);
  await until("2027-03-31T09:59:00Z");
  assert.equal((await subjects(JONAS, "Spring")).length, 2);
  held.spring = page;
});

test("when the due date has come it is journalled once, and those who are missing and who submitted are told", async () => {
  const page = held.spring;
  await until("2027-03-31T10:01:00Z");
  assert.equal((await kinds(page)).filter((kind) => kind === "review-due").length, 1);
  for (const who of [JONAS, PRIYA]) assert.deepEqual((await subjects(who, "Spring")).slice(2), ["Due: your decision on “Spring”"], who.name);
  assert.deepEqual(await subjects(AUTHOR, "Spring"), ["Overdue: the review of “Spring”"]);
  await until("2027-04-02T10:00:00Z");
  await happen();
  assert.equal((await kinds(page)).filter((kind) => kind === "review-due").length, 1);
  assert.equal((await subjects(JONAS, "Spring")).length, 3);
});

test("who has decided is not reminded, and for who is away the stand-in is", async () => {
  const page = await site().newPage({ title: "Decided" });
  (await site().as(AUTHOR).on(page).submit()).good();
  await happen();
  const jonas = await site().as(JONAS).on(page).enrol();
  (await jonas.approve()).good();
  const from = site().now() - HOUR;
  const absence = { stand_in: AUTHOR.account, from, until: from + 20 * DAY };
  (await site().as(PRIYA).on(page).call("/api/me/absence", { absence })).good();
  await until("2027-04-09T09:59:00Z");
  assert.deepEqual(await subjects(JONAS, "Decided"), ["Please review “Decided”"]);
  assert.deepEqual(await subjects(PRIYA, "Decided"), ["Please review “Decided”"]);
  const [mail] = (await site().mailsTo(AUTHOR)).filter((one) => one.subject === "Reminder: “Decided” waits for your decision");
  assert.match(mail.text, /Priya Raman is away and named you to decide for them\./);
  (await site().as(PRIYA).on(page).call("/api/me/absence", { absence: null })).good();
});

test("a state that expires is left at its time, which is journalled and told to who made the page", async () => {
  const page = await site().newPage({ title: "Old" });
  const [timer] = await timers(page);
  assert.deepEqual([timer.kind, timer.fired], ["expiry", 0]);
  await site().advance(30 * DAY - 60_000);
  await happen();
  assert.equal(await expiries(page), 0);
  await site().advance(2 * 60_000);
  await happen();
  assert.equal(await expiries(page), 1);
  assert.equal((await site().as(JONAS).on(page).status()).good().status.state.name, "Stale");
  assert.deepEqual(await subjects(AUTHOR, "Old"), ["“Old” has expired"]);
  assert.deepEqual(await timers(page), []);
});

test("two clocks at once, and a hurried one after them, do it once", async () => {
  const page = await site().newPage({ title: "Twice" });
  await site().advance(30 * DAY + 1000);
  await Promise.all([1, 2, 3].map(() => site().worker.scheduled()));
  await happen();
  await site().worker.scheduled();
  assert.equal(await expiries(page), 1);
  assert.deepEqual(await subjects(AUTHOR, "Twice"), ["“Twice” has expired"]);
});

test("a clock that stops anywhere loses nothing and does nothing twice", async () => {
  const stops = [
    ["FROM json_each(?2) AS one JOIN timer", "before"],
    ["FROM json_each(?2) AS one JOIN timer", "after"],
    ["UPDATE outbox SET lease_id", "after"],
    ["INSERT INTO journal", "before"],
    ["INSERT INTO journal", "after"],
    ["SET state = 'done'", "before"],
    ["SET state = 'done'", "after"],
  ];
  const flat = (sql) => sql.replace(/\s+/g, " ");
  for (const [match, when] of stops) {
    const title = `Stopped ${when} ${flat(match).slice(0, 12)} ${Math.random()}`;
    const page = await site().newPage({ title });
    await site().advance(30 * DAY + 1000);
    // As the statements are written: over several lines.
    const written = match.replace(" JOIN timer", "\n  JOIN timer");
    await site().worker.arm({ binding: "DB", match: written, when, times: 1 });
    await site().worker.scheduled().catch(() => {});
    await site().worker.struck();
    await site().worker.disarm();
    for (let round = 0; round < 4; round += 1) {
      await site().advance(150_000);
      await happen();
    }
    assert.equal(await expiries(page), 1, `${match}, ${when}`);
    assert.equal((await subjects(AUTHOR, title)).length, 1, `${match}, ${when}`);
  }
});

test("nobody is mailed about a page that they may not see", async () => {
  const shown = await site().newPage({ title: "Open" });
  const hidden = await site().newPage({ title: "Hidden" });
  for (const page of [shown, hidden]) (await site().as(AUTHOR).on(page).submit()).good();
  await happen();
  assert.equal((await subjects(JONAS, "Hidden")).length, 1);
  await site().sandbox.restrict(hidden, { accounts: [AUTHOR.account] });
  await site().advance(8 * DAY);
  await happen();
  assert.equal((await subjects(JONAS, "Hidden")).length, 1);
  assert.ok((await subjects(JONAS, "Open")).length > 1);
});

test("whoever wants a list gets it in their morning, as long as something waits and they want it", async () => {
  const jonas = site().as(JONAS);
  const set = async (digest) => (await jonas.call("/api/me/digest", { digest })).good();
  const page = await site().newPage({ title: "Waiting" });
  (await site().as(AUTHOR).on(page).submit()).good();
  await happen();
  assert.equal((await set("daily")).digest, "daily");
  const [{ at }] = await site().sql("SELECT at FROM timer WHERE kind = 'digest'");
  const shown = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Stockholm", hour: "2-digit", minute: "2-digit" }).format(at);
  assert.equal(shown, "08:00");
  assert.ok(at > site().now() && at - site().now() <= 25 * HOUR);
  const lists = async () => (await site().mailsTo(JONAS)).filter((mail) => /wait.* for your decision$/.test(mail.subject) && !/Reminder/.test(mail.subject));
  await site().advance(at - site().now() + 1000);
  await happen();
  const [list] = await lists();
  assert.match(list.text, /Waiting \(Review, due /);
  await site().advance(DAY);
  await happen();
  assert.equal((await lists()).length, 2);
  assert.equal((await set("off")).digest, "off");
  await site().advance(2 * DAY);
  await happen();
  assert.equal((await lists()).length, 2);
  assert.deepEqual(await site().sql("SELECT * FROM timer WHERE kind = 'digest'"), []);
});

test("whoever moves is reminded by the clocks of where they are", async () => {
  const page = await site().newPage({ title: "Moved" });
  (await site().as(AUTHOR).on(page).submit()).good();
  await happen();
  const hour = async () => {
    const [timer] = await site().sql("SELECT at FROM timer WHERE page = ? AND person = ? AND nth = 1", String(page), JONAS.account);
    return timer.at;
  };
  const before = await hour();
  await site().sandbox.setTimeZone(JONAS.account, "Pacific/Auckland");
  await site().advance(25 * HOUR);
  (await site().hourly()).good();
  await happen();
  const after = await hour();
  assert.notEqual(after, before);
  const shown = new Intl.DateTimeFormat("en-GB", { timeZone: "Pacific/Auckland", hour: "2-digit", minute: "2-digit" }).format(after);
  assert.equal(shown, "09:00");
  await site().sandbox.setTimeZone(JONAS.account, JONAS.timeZone);
});

test("what was lost of the timers is made again", async () => {
  const all = () => site().sql("SELECT page, kind, person, detail, nth, seq, at FROM timer WHERE fired = 0 AND at > ? ORDER BY page, kind, person, nth", site().now());
  await happen();
  const before = await all();
  assert.ok(before.length > 0);
  await site().sql("DELETE FROM timer WHERE fired = 0");
  let after = [];
  // Each hour some of the pages are looked at.
  for (let hour = 0; hour < 8 && after.length < before.length; hour += 1) {
    (await site().hourly()).good();
    await happen();
    after = await all();
  }
  assert.deepEqual(after, before);
});
