// workerd as Miniflare sets it up, with D1: requests go straight to the Worker's own socket, past its proxy.
import { mkdtempSync, readFileSync, readdirSync, rmSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Miniflare } from "miniflare";
import { MIGRATIONS } from "../../support/place.mjs";
import { split } from "../../support/worker.mjs";
import { children } from "./process.mjs";
import { compatibilityDate } from "./workerd.mjs";

/** Memory, where there is some to be had as a file system: a slow disk would hide the Worker behind itself. */
const SCRATCH = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** The built Worker's modules; `entry` in front of it. */
export function rustModules({ script, wasm }, entry) {
  const root = "/bench";
  const file = (type, name, contents) => ({ type, path: `${root}/${name}`, contents });
  if (!entry) return { root, modules: [file("ESModule", "index.js", script), file("CompiledWasm", "index_bg.wasm", wasm)] };
  return {
    root,
    modules: [
      file("ESModule", "entry.mjs", entry),
      file("ESModule", "built/index.js", script),
      file("CompiledWasm", "built/index_bg.wasm", wasm),
    ],
  };
}

export const scriptModules = (script) => ({ root: "/bench", modules: [{ type: "ESModule", path: "/bench/index.js", contents: script }] });

/** Starts one process: the Worker, `world` to which all its `fetch`es go, D1 and KV. */
export async function startStored({ modules, root }, bindings, world) {
  const folder = mkdtempSync(path.join(SCRATCH, "countersign-bench-"));
  const before = new Set(children(process.pid, "workerd"));
  const log = [];
  const miniflare = new Miniflare({
    host: "127.0.0.1",
    port: 0,
    cf: false,
    d1Persist: path.join(folder, "d1"),
    kvPersist: path.join(folder, "kv"),
    handleRuntimeStdio: (out, err) => [out, err].forEach((stream) => stream.on("data", (piece) => log.push(piece))),
    workers: [
      {
        name: "main",
        modules,
        modulesRoot: root,
        compatibilityDate,
        bindings,
        d1Databases: { DB: "countersign" },
        kvNamespaces: { STATUS: "status" },
        outboundService: "world",
        unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
      },
      { name: "world", modules: true, script: world.script, compatibilityDate, bindings: world.texts },
    ],
  });
  await miniflare.ready;
  const [pid] = children(process.pid, "workerd").filter((one) => !before.has(one));
  const db = await miniflare.getD1Database("DB", "main");
  await migrate(db);
  return {
    pid,
    db,
    port: Number((await miniflare.unsafeGetDirectURL("main")).port),
    log: () => Buffer.concat(log.map((piece) => Buffer.from(piece))).toString(),
    stop: async () => {
      await miniflare.dispose();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function migrate(db) {
  for (const name of readdirSync(MIGRATIONS).filter((file) => file.endsWith(".sql")).sort()) {
    await db.batch(split(readFileSync(path.join(MIGRATIONS, name), "utf8")).map((text) => db.prepare(text)));
  }
}
