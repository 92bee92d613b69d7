// Bindings that count how they are used and fail on command. They are what the Worker is given in place of the real ones.

import { pass } from "./gate.mjs";

/** Faults waiting: { binding, match, when: "before" | "after", times, delay, skip, error, code }. */
let armed = [];

/** Lets the next calls that fit fail, or take longer. `match` is a part of the SQL, `skip` how many calls are spared. */
export function arm(fault) {
  armed.push({ times: 1, skip: 0, match: "", ...fault });
}

/** How many armed faults have struck since the last were taken away. */
export let struck = 0;

/** Takes away whatever is still waiting. */
export function disarm() {
  armed = [];
  struck = 0;
}

function strike(binding, text) {
  for (const fault of armed) {
    if (fault.binding !== binding || !text.includes(fault.match) || fault.times === 0) continue;
    if (fault.skip > 0) {
      fault.skip -= 1;
      continue;
    }
    fault.times -= 1;
    struck += 1;
    return fault;
  }
  return undefined;
}

const failure = ({ error = "D1_ERROR: Network connection lost.", code }) => Object.assign(new Error(error), code ? { code } : {});

/** Runs `call` the way the armed faults want it. */
async function through(binding, text, call, used) {
  if (binding === "DB" && !used.background) await pass(used.racer, text);
  const fault = strike(binding, text);
  if (fault?.delay) await new Promise((resolve) => setTimeout(resolve, fault.delay));
  if (fault?.when === "before") throw failure(fault);
  const answer = await call();
  if (fault?.when === "after") throw failure(fault);
  return answer;
}

const STATEMENT = Symbol("the real statement");
const RUNS = new Set(["all", "first", "run", "raw"]);

function statement(real, sql, used) {
  return new Proxy(real, {
    get(target, name) {
      if (name === STATEMENT) return { real, sql };
      const value = target[name];
      if (typeof value !== "function" || name === "constructor") return value;
      if (name === "bind") return (...values) => statement(target.bind(...values), sql, used);
      if (!RUNS.has(name)) return value.bind(target);
      return (...given) => {
        used.calls.push({ d1: name, sql: [sql], background: used.background });
        return through("DB", sql, () => value.apply(target, given), used);
      };
    },
  });
}

/** `constructor.name` stays `D1Database`: workers-rs looks at it. */
function database(real, used) {
  return new Proxy(real, {
    get(target, name) {
      const value = target[name];
      if (typeof value !== "function" || name === "constructor") return value;
      if (name === "prepare") return (sql) => statement(target.prepare(sql), sql, used);
      if (name !== "batch" && name !== "exec") return value.bind(target);
      return (given) => {
        const parts = name === "exec" ? [] : given.map((part) => part[STATEMENT]);
        const sql = name === "exec" ? [given] : parts.map((part) => part.sql);
        used.calls.push({ d1: name, sql, background: used.background });
        return through("DB", sql.join("\n"), () => target[name](name === "exec" ? given : parts.map((part) => part.real)), used);
      };
    },
  });
}

const KV_CALLS = new Set(["get", "getWithMetadata", "put", "delete", "list"]);

function namespace(real, used) {
  return new Proxy(real, {
    get(target, name) {
      const value = target[name];
      if (typeof value !== "function" || name === "constructor") return value;
      if (!KV_CALLS.has(name)) return value.bind(target);
      return (...given) => {
        used.calls.push({ kv: name, key: String(given[0]), background: used.background });
        return through("STATUS", `${name} ${given[0]}`, () => value.apply(target, given), used);
      };
    },
  });
}

/** Cloudflare's mail, where it is bound. */
function mail(real, used) {
  return {
    send(message) {
      used.calls.push({ mail: "send", background: used.background });
      return through("EMAIL", "send", () => real.send(message), used);
    },
  };
}

/** The bindings with instruments around them; `used.calls` collects. */
export function instrumented(env, used) {
  const all = { ...env, DB: database(env.DB, used), STATUS: namespace(env.STATUS, used) };
  return env.EMAIL ? { ...all, EMAIL: mail(env.EMAIL, used) } : all;
}
