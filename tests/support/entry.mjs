// The main module of the tests' Worker: the built Worker, unmodified, with instruments around its bindings and its clock.
import { WorkerEntrypoint } from "cloudflare:workers";
import Built from "./built/index.js";
import * as gate from "./gate.mjs";
import { arm, disarm, instrumented, struck } from "./instruments.mjs";

const CONTROL = "/__test/";
const RealDate = Date;
/** Milliseconds the Worker's clock is ahead, and where it stands still, if it does. */
let shift = 0;
let frozen = null;
/** Work going on after answers. */
let pending = 0;

const now = () => frozen ?? RealDate.now() + shift;
globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(now());
    else super(...given);
  }
  static now() {
    return now();
  }
};

/** The built Worker for one invocation, what it uses counted. */
function build(ctx, env, racer = null) {
  const used = { calls: [], background: false, racer };
  const work = [];
  const worker = new Built(ctx, instrumented(env, used));
  const context = {
    waitUntil(promise) {
      used.background = true;
      pending += 1;
      const done = Promise.resolve(promise).catch(() => {}).finally(() => (pending -= 1));
      work.push(done);
      ctx.waitUntil(done);
    },
    passThroughOnException() {},
  };
  Object.defineProperty(worker, "ctx", { value: context, writable: true, enumerable: true, configurable: true });
  if (worker.ctx !== context) throw new Error("the built Worker kept its own context");
  return { worker, used, work };
}

async function settled(work) {
  for (let done = 0; done < work.length; done = work.length) await Promise.all(work);
}

/** The longest report that fits into a header. */
const LONGEST = 12_000;
const brief = (sql) => sql.replace(/--.*$/gm, "").replace(/\s+/g, " ").trim().slice(0, 48);

/** What was used before the answer, as one header: of each statement its beginning, or only how many there were. */
function report(calls) {
  const told = (shorten) => encodeURIComponent(JSON.stringify(calls.map((call) => (call.sql ? { ...call, sql: call.sql.map(shorten) } : call))));
  const full = told(brief);
  return full.length <= LONGEST ? full : told(() => "").slice(0, 60_000);
}

async function control(name, request) {
  const given = await request.json();
  if (name === "clock") ({ shift, frozen } = { frozen: null, ...given });
  if (name === "arm") arm(given);
  if (name === "disarm") disarm();
  if (name === "race") gate.begin(given);
  if (name === "go") gate.go(given);
  if (name === "raced") return Response.json(gate.end());
  return Response.json({ pending, struck, ...gate.look() });
}

/** A change to the database that takes part in a race. */
async function meddle(request, env, racer) {
  const { statements } = await request.json();
  await gate.pass(racer, statements.map(({ sql }) => sql).join("\n"));
  try {
    await env.DB.batch(statements.map(({ sql, args = [] }) => env.DB.prepare(sql).bind(...args)));
    return Response.json({});
  } finally {
    gate.leave(racer);
  }
}

export default class extends WorkerEntrypoint {
  async fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname === `${CONTROL}scheduled`) return this.#clock(request);
    const racer = request.headers.get("x-test-racer");
    if (pathname === `${CONTROL}meddle`) return meddle(request, this.env, racer);
    if (pathname.startsWith(CONTROL)) return control(pathname.slice(CONTROL.length), request);
    const settle = request.headers.get("x-test-settle") === "yes";
    const { worker, used, work } = build(this.ctx, this.env, racer);
    const answer = await worker.fetch(request).finally(() => gate.leave(racer));
    // Whoever is refused is refused before a byte of the body is read; on one machine that breaks the connection.
    if (!request.bodyUsed) await request.text();
    const calls = report(used.calls);
    if (settle) await settled(work);
    const marked = new Response(answer.body, answer);
    marked.headers.set("x-test-used", calls);
    return marked;
  }

  async #clock(request) {
    // A body that is left unread breaks the connection under whoever uses it next.
    await request.text();
    const { worker, used, work } = build(this.ctx, this.env);
    await worker.scheduled({ type: "scheduled", cron: "* * * * *", scheduledTime: Date.now() });
    await settled(work);
    return Response.json({ used: used.calls });
  }
}
