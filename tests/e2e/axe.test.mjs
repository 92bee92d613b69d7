// Every surface in every state, light and dark, narrow and wide: axe-core finds nothing, nothing sticks out at the side,
// nothing breaks the policy. `cargo xtask screens` takes the pictures of the same.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { STATES, SURFACES } from "./screens/scenes.mjs";
import { shots, take } from "./screens/take.mjs";

describe("axe-core on every screen", () => {
  let taken = [];
  before(async () => {
    taken = await take();
  });

  for (const surface of SURFACES) {
    const here = shots({ quick: true }).filter((shot) => shot.scene.surface === surface);
    const states = [...new Set(here.map((shot) => shot.scene.state))];
    test(`${surface}: every state there should be`, () => {
      for (const state of STATES) assert.ok(states.includes(state), state);
    });
    for (const state of states) {
      test(`${surface} ${state}`, () => {
        const of = taken.filter((shot) => shot.surface === surface && shot.state === state);
        assert.equal(of.length, STATES.includes(state) ? 4 : 2);
        const found = of.flatMap(({ file, findings }) => findings.map(({ id, help, where }) => `${file}: ${id}: ${help} ${where.join(" | ")}`));
        assert.deepEqual(found, []);
      });
    }
  }
});
