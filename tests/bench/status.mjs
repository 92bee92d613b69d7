// The status read: the built Worker beside a TypeScript Worker that does the same, each in a workerd process of its own,
// taking turns.
import assert from "node:assert/strict";
import { POLICY_PAGE, VIEWER } from "../support/identities.mjs";
import { recorded } from "./record.mjs";
import { call, texts, worldTexts } from "./lib/calls.mjs";
import { figure, spread } from "./lib/figures.mjs";
import { cpuMillis } from "./lib/process.mjs";
import { Connection } from "./lib/wire.mjs";
import { built, bundled, startWorkerd } from "./lib/workerd.mjs";

/** V8 compiles what it sees often; both have to be past that. */
const WARM_UP = 3000;
const BLOCK = 250;

export async function status({ quick }) {
  const known = await recorded();
  const blocks = quick ? 6 : 24;
  const sides = await Promise.all([
    side("countersign", built(), known),
    side("typescript", { script: bundled("status") }, known),
    side("floor", { script: bundled("status-floor") }, known),
  ]);
  try {
    await check(sides, known);
    for (const one of sides) await run(one, quick ? WARM_UP / 3 : WARM_UP);
    for (let block = 0; block < blocks; block += 1) {
      for (const one of block % 2 ? sides.toReversed() : sides) {
        const { millis, cpu } = await run(one, BLOCK);
        one.wall.push(...millis);
        one.cpu.push(cpu / BLOCK);
      }
    }
    return part(sides);
  } finally {
    await Promise.all(sides.map((one) => one.stop()));
  }
}

async function side(name, worker, known) {
  const process = await startWorkerd({
    main: { ...worker, texts: texts(known), kv: { STATUS: "kv" }, outbound: "world" },
    kv: { script: bundled("kv"), texts: { KEY: known.copy.name, VALUE: known.copy.value } },
    world: { script: bundled("world"), texts: worldTexts(known) },
  });
  const connection = await Connection.to(process.port);
  const stop = () => {
    connection.close();
    return process.stop();
  };
  return { name, process, connection, stop, wall: [], cpu: [] };
}

/** Both must give the recorded answer, and neither may let a bad token in. */
async function check(sides, known) {
  for (const { name, connection, process } of sides.slice(0, 2)) {
    const answer = await connection.send(await call("/api/status", VIEWER, POLICY_PAGE));
    assert.equal(answer.status, 200, `${name}: ${answer.status} ${answer.body} ${process.log()}`);
    assert.deepEqual(JSON.parse(answer.body), known.answers["/api/status"], name);
    const bad = Buffer.from((await call("/api/status", VIEWER, POLICY_PAGE)).toString().replace(/\.[\w-]{40}/g, (part) => `.${part.slice(1).split("").reverse().join("")}`));
    assert.equal((await connection.send(bad)).status, 401, `${name} lets a bad token in`);
  }
}

/** `count` requests one after the other, each with a token of its own. */
async function run({ name, connection, process }, count) {
  const millis = [];
  let cpu = 0;
  for (let left = count; left > 0; left -= BLOCK) {
    const requests = [];
    for (let n = 0; n < Math.min(left, BLOCK); n += 1) requests.push(await call("/api/status", VIEWER, POLICY_PAGE));
    await connection.open();
    const before = cpuMillis(process.pid);
    for (const request of requests) {
      const answer = await connection.send(request).catch((error) => {
        throw new Error(`${name}: ${error.message}\n${process.log()}`);
      });
      assert.equal(answer.status, 200, `${name}: ${answer.body}`);
      millis.push(answer.millis);
    }
    cpu += cpuMillis(process.pid) - before;
  }
  return { millis, cpu };
}

function part([ours, theirs, floor]) {
  const of = (one, kind) => spread(one[kind]);
  const above = (one, kind) => of(one, kind).median - of(floor, kind).median;
  return {
    title: "Status read",
    about:
      `Raw workerd, a process for each Worker, KV answered from memory by a service in that process; ${ours.wall.length} requests ` +
      "one after the other on one connection, taking turns in blocks. CPU: user and system time of the process, by request.",
    figures: [
      figure({ name: "status, CPU", unit: "ms", ours: of(ours, "cpu"), baseline: of(theirs, "cpu"), mark: 2, note: "baseline: a TypeScript Worker that verifies the same token by WebCrypto, reads KV once, gives the same answer" }),
      figure({ name: "status, wall", unit: "ms", ours: of(ours, "wall"), baseline: of(theirs, "wall"), mark: 1.5 }),
      figure({ name: "status, CPU above a Worker that only reads KV", unit: "ms", ours: above(ours, "cpu"), baseline: above(theirs, "cpu") }),
      figure({ name: "status, wall above a Worker that only reads KV", unit: "ms", ours: above(ours, "wall"), baseline: above(theirs, "wall") }),
    ],
  };
}
