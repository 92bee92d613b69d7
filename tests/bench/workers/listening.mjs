// The built Worker with an ear at its database and its way out: what each batch said and whom it asked is kept, and told
// when asked for.
import { WorkerEntrypoint } from "cloudflare:workers";
import Built from "./built/index.js";

const heard = { batches: [], asked: [] };

/** Everything workers-rs sends goes through the global `fetch`, looked up each time. */
const send = globalThis.fetch;
globalThis.fetch = (request, ...more) => {
  heard.asked.push(`${request.method ?? "GET"} ${request.url ?? request}`);
  return send(request, ...more);
};

const statement = (real, sql, args = []) =>
  new Proxy(real, {
    get(target, name) {
      if (name === "heard") return { sql, args };
      if (name === "bind") return (...values) => statement(target.bind(...values), sql, values);
      if (name === "real") return target;
      const value = target[name];
      return typeof value === "function" && name !== "constructor" ? value.bind(target) : value;
    },
  });

/** `constructor.name` stays `D1Database`: workers-rs looks at it. */
const listening = (db) =>
  new Proxy(db, {
    get(target, name) {
      if (name === "prepare") return (sql) => statement(target.prepare(sql), sql);
      if (name === "batch") {
        return (statements) => {
          heard.batches.push(statements.map((one) => one.heard));
          return target.batch(statements.map((one) => one.real));
        };
      }
      const value = target[name];
      return typeof value === "function" && name !== "constructor" ? value.bind(target) : value;
    },
  });

export default class extends WorkerEntrypoint {
  async fetch(request) {
    if (new URL(request.url).pathname === "/heard") return Response.json({ batches: heard.batches.splice(0), asked: heard.asked.splice(0) });
    const worker = new Built(this.ctx, { ...this.env, DB: listening(this.env.DB) });
    return worker.fetch(request);
  }
}
