// The built Worker in workerd, with D1 and KV, as Cloudflare would run it.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { randomBytes } from "node:crypto";
import { Miniflare } from "miniflare";
import { APP_ARI, ENVIRONMENT } from "./identities.mjs";
import { HOSTED_ORIGIN } from "./passkey.mjs";
import { EDGE_BUILD, MIGRATIONS, ROOT, mustExist } from "./place.mjs";

const SUPPORT = path.join(ROOT, "tests/support");

/** The settings ARCHITECTURE.md lists, for addresses on this machine. */
export function settings({ jwksUrl, sandboxUrl, keys = freshKeys(), hosted = HOSTED_ORIGIN }) {
  return {
    FORGE_APP_ID: APP_ARI,
    FORGE_ENVIRONMENT_ID: ENVIRONMENT,
    FORGE_JWKS_URL: jwksUrl,
    CONFLUENCE_API_ORIGIN: sandboxUrl,
    MAIL_API_URL: `${sandboxUrl}/mail`,
    MAIL_FROM: "Countersign <approvals@countersign.example>",
    WORKFLOW_PARAMETERS: JSON.stringify({ approvers: "countersign-approvers", minimum: 1 }),
    CHALLENGE_SECONDS: "300",
    COUNTERSIGN_KEYS: keys,
    MAIL_API_KEY: "mail-key-of-the-tests",
    HOSTED_ORIGIN: hosted,
  };
}

/** A secret in the form of COUNTERSIGN_KEYS. */
export const freshKeys = () => `k1:${randomBytes(32).toString("base64")}`;

function modules() {
  const built = (name) => mustExist(path.join(EDGE_BUILD, name), "the built Worker");
  const file = (type, name, from) => ({ type, path: path.join(SUPPORT, name), contents: readFileSync(from) });
  return [
    file("ESModule", "entry.mjs", path.join(SUPPORT, "entry.mjs")),
    file("ESModule", "gate.mjs", path.join(SUPPORT, "gate.mjs")),
    file("ESModule", "instruments.mjs", path.join(SUPPORT, "instruments.mjs")),
    file("ESModule", "built/index.js", built("index.js")),
    file("CompiledWasm", "built/index_bg.wasm", built("index_bg.wasm")),
  ];
}

/** Starts workerd. `persist` is a folder for D1 and KV that outlives it; `email` binds Cloudflare's mail as `EMAIL`. */
export async function startWorker({ bindings, persist, email = false }) {
  const worker = new Worker();
  worker.miniflare = new Miniflare({
    modules: modules(),
    modulesRoot: SUPPORT,
    compatibilityDate: compatibilityDate(),
    bindings,
    d1Databases: { DB: "countersign" },
    kvNamespaces: { STATUS: "status" },
    ...(email ? { email: { send_email: [{ name: "EMAIL" }] } } : {}),
    ...assets(),
    d1Persist: persist ? path.join(persist, "d1") : false,
    kvPersist: persist ? path.join(persist, "kv") : false,
    host: "127.0.0.1",
    port: 0,
    cf: false,
    handleRuntimeStdio: (out, err) => {
      for (const stream of [out, err]) stream.on("data", (piece) => worker.hear(piece));
    },
  });
  worker.url = (await worker.miniflare.ready).origin;
  worker.db = await worker.miniflare.getD1Database("DB");
  worker.kv = await worker.miniflare.getKVNamespace("STATUS");
  await migrate(worker.db);
  return worker;
}

/** The Worker's own page, where it was built: the Worker comes first, as in wrangler.toml. */
function assets() {
  const directory = path.join(ROOT, "dist/hosted");
  if (!existsSync(directory)) return {};
  return {
    assets: {
      directory,
      binding: "ASSETS",
      routerConfig: { has_user_worker: true, invoke_user_worker_ahead_of_assets: true },
      assetConfig: { html_handling: "none", not_found_handling: "none" },
    },
  };
}

const compatibilityDate = () =>
  readFileSync(path.join(ROOT, "wrangler.toml"), "utf8").match(/^compatibility_date = "(.+)"/m)[1];

/** Applies the migrations that were not applied yet, as `wrangler d1 migrations apply` would. */
async function migrate(db) {
  await db.exec("CREATE TABLE IF NOT EXISTS migrations_applied (name TEXT PRIMARY KEY)");
  const applied = new Set((await db.prepare("SELECT name FROM migrations_applied").all()).results.map((row) => row.name));
  for (const name of readdirSync(MIGRATIONS).filter((file) => file.endsWith(".sql")).sort()) {
    if (applied.has(name)) continue;
    const statements = split(readFileSync(path.join(MIGRATIONS, name), "utf8"));
    await db.batch([
      ...statements.map((text) => db.prepare(text)),
      db.prepare("INSERT INTO migrations_applied (name) VALUES (?)").bind(name),
    ]);
  }
}

/** Statements of a migration: a semicolon ends one, but not inside a trigger's BEGIN … END. */
export function split(sql) {
  const statements = [];
  let current = "";
  for (const line of sql.split("\n")) {
    const code = line.replace(/--.*$/, "");
    if (code.trim() === "") continue;
    current += `${code}\n`;
    const inTrigger = /CREATE TRIGGER/.test(current) && !/\bEND;\s*$/.test(current);
    if (!inTrigger && /;\s*$/.test(code)) {
      statements.push(current.trim());
      current = "";
    }
  }
  if (current.trim() !== "") throw new Error(`a migration ends in the middle of a statement: ${current}`);
  return statements;
}

class Worker {
  /** Everything workerd printed. */
  log = "";

  /** Takes in what workerd prints. */
  hear(piece) {
    this.log += piece;
    if (process.env.TEST_LOG) process.stderr.write(piece);
  }

  /** Any request. */
  fetch(route, init = {}) {
    return fetch(this.url + route, { redirect: "manual", ...init });
  }

  async #control(name, given = {}) {
    const answer = await this.fetch(`/__test/${name}`, { method: "POST", body: JSON.stringify(given) });
    if (!answer.ok) throw new Error(`control ${name}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  /** Sets how many milliseconds the Worker's clock is ahead, or the time at which it stands still. */
  setClock(shift, frozen = null) {
    return this.#control("clock", { shift, frozen });
  }

  /** See gate.mjs. */
  race(given) {
    return this.#control("race", given);
  }

  /** Waits until each of so many racers is at the gate. */
  gathered(racers) {
    return this.#until(({ at_gate, done }) => at_gate + done >= racers, "not all racers come to the gate");
  }

  go(change) {
    return this.#control("go", change);
  }

  /** Ends the race and tells how it went. */
  raced() {
    return this.#control("raced");
  }

  /** See instruments.mjs. */
  arm(fault) {
    return this.#control("arm", fault);
  }

  disarm() {
    return this.#control("disarm");
  }

  /** Waits until no work goes on after its answer. */
  idle() {
    return this.#until(({ pending }) => pending === 0, "work put off until after an answer does not end");
  }

  /** Waits until an armed fault has struck. */
  struck() {
    return this.#until(({ struck }) => struck > 0, "the armed fault does not strike");
  }

  async #until(holds, otherwise) {
    const until = Date.now() + 30_000;
    while (!holds(await this.#control("look"))) {
      if (Date.now() > until) throw new Error(otherwise);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Fires Cloudflare's clock and waits for all it does. */
  scheduled() {
    return this.#control("scheduled");
  }

  /** Rows of the database. */
  async sql(text, ...values) {
    return (await this.db.prepare(text).bind(...values).all()).results;
  }

  async stop() {
    await this.miniflare.dispose();
  }
}
