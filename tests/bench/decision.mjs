// A decision: the built Worker beside a bare TypeScript Worker that runs the same two batches, each in a workerd process
// of its own, taking turns; every decision is on a fresh page in review.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { JONAS, POLICY_PAGE } from "../support/identities.mjs";
import { codeOf, stepAt } from "../support/totp.mjs";
import { recorded } from "./record.mjs";
import { call, texts, worldTexts } from "./lib/calls.mjs";
import { figure, spread } from "./lib/figures.mjs";
import { plant } from "./lib/pages.mjs";
import { BENCH } from "./lib/place.mjs";
import { cpuMillis } from "./lib/process.mjs";
import { rustModules, scriptModules, startStored } from "./lib/storage.mjs";
import { Connection } from "./lib/wire.mjs";
import { built, bundled } from "./lib/workerd.mjs";

const FIRST_PAGE = 200_001;
/** Runs before the first that counts. */
const WARM_UP = 60;

export async function decision({ quick }) {
  const known = await recorded();
  const runs = quick ? 40 : 150;
  const pages = Array.from({ length: WARM_UP + runs }, (_, n) => String(FIRST_PAGE + n));
  const said = await listen(known);
  const sides = [
    await rust(known, pages),
    await bare("bare", known, pages, said, {}),
    await bare("bare with Confluence", known, pages, said, { CONFLUENCE: "yes" }),
  ];
  try {
    for (const [n, page] of pages.entries()) {
      for (const one of n % 2 ? sides.toReversed() : sides) {
        const request = await one.prepare(page);
        await one.connection.open();
        const before = cpuMillis(one.process.pid);
        const { millis, status, body } = await one.connection.send(request);
        const cpu = cpuMillis(one.process.pid) - before;
        assert.equal(status, 200, `${one.name}: ${body} ${one.process.log()}`);
        if (n >= WARM_UP) {
          one.wall.push(millis);
          one.cpu.push(cpu);
        }
        await one.settle(page);
      }
    }
    for (const one of sides) await everyDecisionCounts(one, pages.length);
    return part(sides, said);
  } finally {
    await Promise.all(sides.map((one) => one.stop()));
  }
}

/** One decision with an ear at the database: its two batches, and which texts in them are its own. */
async function listen(known) {
  const entry = readFileSync(path.join(BENCH, "workers/listening.mjs"), "utf8");
  const page = String(FIRST_PAGE - 1);
  const one = await rust(known, [page], entry);
  try {
    const request = await one.prepare(page);
    const hear = async () => (await (await fetch(`http://127.0.0.1:${one.process.port}/heard`)).json());
    await hear();
    const { status, body } = await one.connection.send(request);
    assert.equal(status, 200, `${body} ${one.process.log()}`);
    const batches = (await hear()).slice(0, 2);
    assert.match(batches[1].map(({ sql }) => sql).join(), /INSERT INTO journal/, "the second batch is the one that writes");
    const texts = batches.flat().flatMap(({ sql, args }) => (/INSERT INTO (text|consumed)/.test(sql) ? [args[1]] : []));
    return { batches, varying: [page, ...texts], answer: body };
  } finally {
    await one.stop();
  }
}

async function rust(known, pages, entry) {
  const process = await stored(rustModules(built(), entry), texts(known), known, pages);
  const connection = await Connection.to(process.port);
  const ask = async (route, page, body) => {
    await connection.open();
    return connection.send(await call(route, JONAS, page, body));
  };
  return {
    ...side("countersign", process, connection),
    /** A challenge; the code it is answered with is made good again. */
    async prepare(page) {
      const version = known.rest.page.version.number;
      const answer = await ask("/api/challenge", page, { decision: "approve", page_version: version });
      assert.equal(answer.status, 200, `${answer.body} ${process.log()}`);
      await forget(process.db);
      const { challenge } = JSON.parse(answer.body);
      const code = codeOf(known.totp, stepAt(Date.now()));
      return call("/api/decision", JONAS, page, { challenge, decision: "approve", page_version: version, comment: "Read.", code });
    },
    /** What the decision caused outside goes on after the answer: it must not run into the next one. */
    async settle() {
      for (;;) {
        const { due } = await process.db.prepare("SELECT COUNT(*) AS due FROM outbox WHERE state = 'open' AND next_at <= ?").bind(Date.now()).first();
        if (due === 0) return;
        await new Promise((resolve) => setTimeout(resolve, 3));
      }
    },
  };
}

async function bare(name, known, pages, { batches, varying, answer }, more) {
  const bindings = { ...texts(known), BATCHES: JSON.stringify(batches), VARYING: JSON.stringify(varying), ANSWER: answer, ...more };
  const process = await stored(scriptModules(bundled("decision")), bindings, known, pages);
  const connection = await Connection.to(process.port);
  return {
    ...side(name, process, connection),
    async prepare(page) {
      await forget(process.db);
      // Of the same length as the recorded ones, and never used before.
      const values = [page, ...varying.slice(1).map((text, at) => `${at}${page}${text.slice(page.length + 1)}`)];
      return call("/api/decision", JONAS, page, { values });
    },
    settle: async () => {},
  };
}

async function stored(modules, bindings, known, pages) {
  const process = await startStored(modules, bindings, { script: bundled("world"), texts: worldTexts(known) });
  await plant(process.db, known.rows, pages);
  return process;
}

const side = (name, process, connection) => ({
  name,
  process,
  connection,
  wall: [],
  cpu: [],
  stop() {
    connection.close();
    return process.stop();
  },
});

/** The same code is good for every decision. */
const forget = (db) => db.prepare("UPDATE factor SET last_step = 0").run();

/** Each must have led to an entry, a consumed challenge and an approved page. */
async function everyDecisionCounts({ name, process }, decisions) {
  const count = async (sql) => (await process.db.prepare(sql).first()).n;
  assert.equal(await count("SELECT COUNT(*) AS n FROM consumed"), decisions, name);
  assert.equal(await count("SELECT COUNT(*) AS n FROM journal WHERE kind LIKE '%approved%' OR kind LIKE '%decided%'"), decisions, name);
  assert.equal(await count(`SELECT COUNT(*) AS n FROM dashboard WHERE approved_version IS NOT NULL AND page <> '${POLICY_PAGE}'`), decisions, name);
}

function part([ours, bare, calling], { batches }) {
  const of = (one, kind) => spread(one[kind]);
  const statements = batches.map((batch) => batch.length).join(" and ");
  return {
    title: "Decision",
    about:
      `workerd with Miniflare's D1 in the same process, its files in memory; requests go to the Worker's own socket, past every proxy. ` +
      `Two batches of ${statements} statements; Confluence answers at once from the same process. ${ours.wall.length} decisions each, taking turns, ` +
      "each on a fresh page. CPU: of the process, D1 included, until the answer.",
    figures: [
      figure({ name: "decision, wall", unit: "ms", ours: of(ours, "wall"), baseline: of(bare, "wall"), mark: 2.5, note: "baseline: a bare TypeScript Worker that verifies the same token and runs the same two batches; it asks Confluence nothing" }),
      figure({ name: "decision, CPU", unit: "ms", ours: of(ours, "cpu"), baseline: of(bare, "cpu") }),
      figure({ name: "decision, wall, beside one that asks Confluence too", unit: "ms", ours: of(ours, "wall"), baseline: of(calling, "wall"), note: "three calls, as the edge makes them" }),
      figure({ name: "decision, CPU, beside one that asks Confluence too", unit: "ms", ours: of(ours, "cpu"), baseline: of(calling, "cpu") }),
    ],
  };
}
