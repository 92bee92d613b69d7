// A decision: the built Worker, the same work as a TypeScript Worker with jose and otplib, and the floor that only runs the
// two batches; each in a workerd process of its own, taking turns. Every decision is on a fresh page in review.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { JONAS, POLICY_PAGE, SITE } from "../support/identities.mjs";
import { codeOf, stepAt } from "../support/totp.mjs";
import { recorded } from "./record.mjs";
import { call, texts, worldTexts } from "./lib/calls.mjs";
import { figure, spread } from "./lib/figures.mjs";
import { installed } from "./lib/packages.mjs";
import { plant } from "./lib/pages.mjs";
import { BENCH } from "./lib/place.mjs";
import { cpuMillis } from "./lib/process.mjs";
import { sealedForScript } from "./lib/sealed.mjs";
import { rustModules, scriptModules, startStored } from "./lib/storage.mjs";
import { Connection } from "./lib/wire.mjs";
import { built, bundled } from "./lib/workerd.mjs";

const FIRST_PAGE = 200_001;
/** One more, on which wrong codes are tried. */
const SPARE_PAGE = String(FIRST_PAGE - 2);
/** Runs before the first that counts: V8 compiles what it sees often. */
const WARM_UP = 100;

export async function decision({ quick }) {
  const known = await recorded();
  const runs = quick ? 60 : 300;
  const pages = Array.from({ length: WARM_UP + runs }, (_, n) => String(FIRST_PAGE + n));
  const said = await listen(known);
  const sides = [await rust(known, pages), await script(known, pages, said), await floor(known, pages, said)];
  try {
    for (const [n, page] of pages.entries()) {
      const turn = n % sides.length;
      for (const one of [...sides.slice(turn), ...sides.slice(0, turn)]) {
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
    for (const one of sides.slice(0, 2)) await everyCodeCounts(one);
    return part(sides, said);
  } finally {
    await Promise.all(sides.map((one) => one.stop()));
  }
}

/** One decision with an ear at the database and the way out: its two batches, which texts in them are its own, whom it asked. */
async function listen(known) {
  const entry = readFileSync(path.join(BENCH, "workers/listening.mjs"), "utf8");
  const page = String(FIRST_PAGE - 1);
  const one = await rust(known, [page], entry);
  try {
    const request = await one.prepare(page);
    const hear = async () => (await fetch(`http://127.0.0.1:${one.process.port}/heard`)).json();
    await hear();
    const { status, body } = await one.connection.send(request);
    assert.equal(status, 200, `${body} ${one.process.log()}`);
    const { batches, asked } = await hear();
    const two = batches.slice(0, 2);
    assert.match(two[1].map(({ sql }) => sql).join(), /INSERT INTO journal/, "the second batch is the one that writes");
    const ofTexts = ({ sql, args }) => (/INSERT INTO text/.test(sql) ? JSON.parse(args[1]).map(({ id }) => id) : []);
    const nonce = ({ sql, args }) => (/INSERT INTO consumed/.test(sql) ? [args[1]] : []);
    const own = two.flat().flatMap((statement) => [...nonce(statement), ...ofTexts(statement)]);
    // What is asked for its own sake comes first; the outbox asks again after the answer.
    const calls = asked.slice(0, asked.findIndex((text, at) => at > 0 && text === asked[0]) >>> 0);
    return { batches: two, page, varying: [page, ...own], answer: body, calls };
  } finally {
    await one.stop();
  }
}

async function rust(known, pages, entry) {
  const one = await speaking("countersign", await stored(rustModules(built(), entry), texts(known), known, pages), known);
  return {
    ...one,
    /** What the decision caused outside goes on after the answer: it must not run into the next one. */
    async settle() {
      for (;;) {
        const { due } = await one.process.db.prepare("SELECT COUNT(*) AS due FROM outbox WHERE state = 'open' AND next_at <= ?").bind(Date.now()).first();
        if (due === 0) return;
        await new Promise((resolve) => setTimeout(resolve, 3));
      }
    },
  };
}

/** The TypeScript Worker keeps the same key sealed in its own way, and carries nothing out after the answer. */
async function script(known, pages, { batches, page }) {
  installed(path.join(BENCH, "workers/typescript-decision"), "the TypeScript baseline");
  const bindings = { ...texts(known), BATCHES: JSON.stringify(batches), PAGE: page };
  const process = await stored(scriptModules(bundled("typescript-decision/index")), bindings, known, pages);
  for (const { person, id } of known.rows.factor) {
    const secret = await sealedForScript(known.keys, known.totp, { site: SITE.key, person, id });
    await process.db.prepare("UPDATE factor SET secret = ? WHERE person = ? AND id = ?").bind(secret, person, id).run();
  }
  return { ...(await speaking("typescript", process, known)), settle: async () => {} };
}

/** A side that takes a challenge and a code. */
async function speaking(name, process, known) {
  const connection = await Connection.to(process.port);
  return {
    ...side(name, process, connection),
    /** A challenge; the code it is answered with is made good again. */
    async prepare(page) {
      const version = known.rest.page.version.number;
      await connection.open();
      const answer = await connection.send(await call("/api/challenge", JONAS, page, { decision: "approve", page_version: version }));
      assert.equal(answer.status, 200, `${answer.body} ${process.log()}`);
      await forget(process.db);
      const { challenge } = JSON.parse(answer.body);
      const code = codeOf(known.totp, stepAt(Date.now()));
      return call("/api/decision", JONAS, page, { challenge, decision: "approve", page_version: version, comment: "Read.", code });
    },
  };
}

async function floor(known, pages, { batches, varying, answer }) {
  const bindings = { ...texts(known), BATCHES: JSON.stringify(batches), VARYING: JSON.stringify(varying), ANSWER: answer };
  const process = await stored(scriptModules(bundled("decision")), bindings, known, pages);
  const connection = await Connection.to(process.port);
  return {
    ...side("floor", process, connection),
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
  await plant(process.db, known.rows, [...pages, SPARE_PAGE]);
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
  assert.equal(await count("SELECT COUNT(*) AS n FROM journal WHERE kind = 'decided'"), decisions, name);
  assert.equal(await count(`SELECT COUNT(*) AS n FROM dashboard WHERE approved_version IS NOT NULL AND page <> '${POLICY_PAGE}'`), decisions, name);
}

/** Neither may let a used or a wrong code, or a used challenge, through: else it does less than it is timed for. */
async function everyCodeCounts({ name, connection, prepare, process }) {
  const good = await prepare(SPARE_PAGE);
  const { code } = JSON.parse(good.toString().split("\r\n\r\n")[1]);
  const send = async (bytes) => (await connection.open(), (await connection.send(bytes)).status);
  const wrong = Buffer.from(good.toString().replace(`"code":"${code}"`, `"code":"${code === "000000" ? "111111" : "000000"}"`));
  assert.equal(await send(wrong), 422, `${name} takes a wrong code`);
  await process.db.prepare("UPDATE factor SET last_step = ?").bind(stepAt(Date.now()) + 1).run();
  assert.equal(await send(good), 422, `${name} takes a used code`);
}

function part([ours, typescript, floor], { batches, calls }) {
  const of = (one, kind) => spread(one[kind]);
  const statements = batches.map((batch) => batch.length).join(" and ");
  const beside = (name, kind, baseline, more = {}) => figure({ name, unit: "ms", ours: of(ours, kind), baseline: of(baseline, kind), ...more });
  return {
    title: "Decision",
    about:
      "workerd with D1 in the same process, its files in memory; requests go to the Worker's own socket, past every proxy. " +
      `Two batches of ${statements} statements; Confluence is asked ${calls.length} times and answers at once from the same process. ` +
      `${ours.wall.length} decisions each after ${WARM_UP} to warm up, taking turns, each on a fresh page. CPU: of the whole process, D1 and ` +
      "the Confluence that is played included, until the answer; the middle decision, since single ones vary with what else the machine does.",
    figures: [
      beside("decision, CPU", "cpu", typescript, {
        note:
          "baseline: a TypeScript Worker with jose (invocation token, challenge), otplib (code) and WebCrypto (secret, hashes) that does the same " +
          "reads, writes and calls. It is written for this one workflow: it asks no rules, reads no definition, and begins no outbox run after its answer",
      }),
      beside("decision, wall", "wall", typescript),
      beside("decision, CPU, beside the floor", "cpu", floor, { note: "the floor: verifies the token and sends the same two batches; no challenge, no code, no rule, no Confluence" }),
      beside("decision, wall, beside the floor", "wall", floor, { mark: 2.5 }),
    ],
  };
}
