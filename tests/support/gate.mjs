// Racing requests let through to the database one at a time, in a chosen order. Between two calls to it nothing of one
// request can be seen by another, so the orders of these calls are all the interleavings there are.

/** The race that is on, if there is one. */
let race;

/** Longer than any request takes between two calls. */
const PATIENCE = 10_000;
const now = performance.now.bind(performance);

/**
 * Begins a race between `racers` requests, which say who they are. Whenever each of those that are not done waits at the
 * gate, one is let through: `choices` says which, the n-th time the (choices[n] mod waiting)-th of them. `held` keeps the
 * gate shut until `go`.
 */
export function begin({ racers, choices = [], held = false }) {
  race = { racers, choices, held, done: 0, waiting: [], free: undefined, order: [], widths: [], stuck: false };
}

export function go(change = {}) {
  Object.assign(race, change, { held: false });
  choose(race);
}

/** How it went: who was let through with what, and from among how many each time. */
export function look() {
  if (!race) return {};
  const { order, widths, stuck, waiting, done } = race;
  return { order, widths, stuck, done, at_gate: new Set(waiting.map((one) => one.racer)).size };
}

export function end() {
  const seen = look();
  race = undefined;
  return seen;
}

/** Waits for this racer's turn. Who is in no race passes. */
export async function pass(racer, text) {
  const mine = race;
  if (!mine || racer === null || racer === undefined) return;
  const ticket = { racer: Number(racer), text };
  mine.waiting.push(ticket);
  choose(mine);
  const until = now() + PATIENCE;
  // Each looks by itself: a promise that another request settles would not wake it.
  while (mine.free !== ticket) {
    if (mine.stuck || (!mine.held && now() > until)) {
      mine.stuck = true;
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  mine.free = undefined;
}

/** This racer is done. */
export function leave(racer) {
  if (!race || racer === null || racer === undefined) return;
  race.done += 1;
  choose(race);
}

function choose(race) {
  const there = new Set(race.waiting.map((one) => one.racer)).size;
  if (race.held || race.free || there === 0 || there < race.racers - race.done) return;
  const tickets = race.waiting.toSorted((one, other) => one.racer - other.racer);
  const ticket = tickets[(race.choices[race.order.length] ?? 0) % tickets.length];
  race.widths.push(tickets.length);
  race.order.push({ racer: ticket.racer, writes: /INSERT INTO journal/i.test(ticket.text), changes: /INSERT|UPDATE|DELETE/.test(ticket.text) });
  race.waiting = race.waiting.filter((one) => one !== ticket);
  race.free = ticket;
}
