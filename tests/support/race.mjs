// A race at the database: who takes part, in which order they get there, and how it went.
import assert from "node:assert/strict";

/** Numbers one cannot guess but can have again: splitmix32. */
export function chance(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  return {
    below: (limit) => next() % limit,
    numbers: (count) => Array.from({ length: count }, next),
    some: (list, least, most) => {
      const left = [...list];
      const wanted = least + (next() % (most - least + 1));
      return Array.from({ length: Math.min(wanted, left.length) }, () => left.splice(next() % left.length, 1)[0]);
    },
  };
}

/** Choices that let none finish before the others have begun, as far as chance goes; without any they would run one by one. */
const mixed = (racers) => chance(racers.length).numbers(racers.length * 12);

/**
 * Runs `racers`, each `(options) => Promise<Answer>`, through the gate in the order `choices` say. `meanwhile` happens while
 * all of them are at the gate, and may give racers of its own. Gives the answers, and when each racer was at the database.
 */
export async function race(site, racers, { choices = mixed(racers), meanwhile } = {}) {
  const options = (racer) => ({ settle: false, headers: { "x-test-racer": String(racer) } });
  await site.worker.race({ racers: racers.length, choices, held: true });
  const running = racers.map((run, racer) => run(options(racer)));
  await site.worker.gathered(racers.length);
  const late = (await meanwhile?.()) ?? [];
  running.push(...late.map((run, index) => run(options(racers.length + index))));
  await site.worker.go({ racers: running.length });
  const answers = await Promise.all(running);
  const { order, widths, stuck } = await site.worker.raced();
  assert.equal(stuck, false, "a racer did not come back to the gate");
  await site.worker.idle();
  /** Places in the order at which a racer was let through; only those at which it wrote entries, if so wished. */
  const places = (racer, wrote) => order.flatMap((one, place) => (one.racer === racer && (!wrote || one.writes) ? [place] : []));
  return { answers, order, widths, places };
}

/** A racer that changes the database behind everybody's back. */
export const meddle = (site, ...statements) => async ({ headers }) => {
  const body = JSON.stringify({ statements });
  const answer = await site.worker.fetch("/__test/meddle", { method: "POST", headers, body });
  assert.ok(answer.ok, await answer.text());
  return { status: 200, body: {}, meddled: true };
};

/**
 * Every order there is: `run(choices)` is called with one after the other and gives the widths it met. Stops after `most`.
 * The number of orders.
 */
export async function everyOrder(run, most) {
  let choices = [];
  for (let count = 1; ; count += 1) {
    const { widths } = await run(choices);
    const taken = widths.map((_, place) => choices[place] ?? 0);
    let last = widths.length - 1;
    while (last >= 0 && taken[last] + 1 >= widths[last]) last -= 1;
    if (last < 0) return count;
    assert.ok(count < most, `more than ${most} orders`);
    choices = [...taken.slice(0, last), taken[last] + 1];
  }
}
