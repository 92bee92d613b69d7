// workerd by itself: a configuration of ours, no development server in between.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { buildSync } from "esbuild";
import { BENCH, EDGE_BUILD, OUT, ROOT, WORKERD, mustExist } from "./place.mjs";

const PATIENCE = 20_000;

/** The date the product is deployed with. */
export const compatibilityDate = readFileSync(path.join(ROOT, "wrangler.toml"), "utf8").match(/^compatibility_date = "(.+)"/m)[1];

/** A TypeScript Worker as one module. */
export function bundled(name) {
  const { outputFiles } = buildSync({
    entryPoints: [path.join(BENCH, "workers", `${name}.ts`)],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    external: ["cloudflare:*"],
    write: false,
  });
  return outputFiles[0].text;
}

/** The built Worker's files. */
export const built = () => ({
  script: readFileSync(mustExist(path.join(EDGE_BUILD, "index.js"), "the built Worker"), "utf8"),
  wasm: readFileSync(mustExist(path.join(EDGE_BUILD, "index_bg.wasm"), "the built Worker")),
});

/** What the platform puts behind `cloudflare:email`; workerd leaves it to whoever hosts it. No benchmark sends mail. */
const EMAIL = "export default { EmailMessage: class { constructor(from, to, raw) { Object.assign(this, { from, to, raw }); } } };";

const quoted = (text) => JSON.stringify(text);

/**
 * Starts one process. `services`: by name, `{ script, wasm?, texts?, kv?, outbound? }`; the first one answers requests.
 */
export async function startWorkerd(services) {
  const base = path.join(OUT, "workerd");
  mkdirSync(base, { recursive: true });
  const folder = mkdtempSync(path.join(base, "run-"));
  const write = (name, contents) => {
    writeFileSync(path.join(folder, name), contents);
    return `embed ${quoted(name)}`;
  };
  const workers = Object.entries(services).map(([name, service]) => {
    const modules = [`(name = "index.js", esModule = ${write(`${name}.js`, service.script)})`];
    if (service.wasm) modules.push(`(name = "index_bg.wasm", wasm = ${write(`${name}.wasm`, service.wasm)})`);
    const bindings = Object.entries(service.texts ?? {}).map(
      ([key, text], at) => `(name = ${quoted(key)}, text = ${write(`${name}-${at}.txt`, text)})`,
    );
    for (const [key, to] of Object.entries(service.kv ?? {})) bindings.push(`(name = ${quoted(key)}, kvNamespace = ${quoted(to)})`);
    const outbound = service.outbound ? `, globalOutbound = ${quoted(service.outbound)}` : "";
    return `const ${name} :Workerd.Worker = (modules = [${modules.join(", ")}], bindings = [${bindings.join(", ")}], compatibilityDate = ${quoted(compatibilityDate)}${outbound});`;
  });
  const names = Object.keys(services);
  write(
    "config.capnp",
    [
      'using Workerd = import "/workerd/workerd.capnp";',
      "const config :Workerd.Config = (",
      `  services = [${names.map((name) => `(name = ${quoted(name)}, worker = .${name})`).join(", ")}],`,
      `  extensions = [(modules = [(name = "cloudflare-internal:email", internal = true, esModule = ${write("email.js", EMAIL)})])],`,
      `  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = ${quoted(names[0])})]`,
      ");",
      ...workers,
    ].join("\n"),
  );
  return started(folder);
}

async function started(folder) {
  const child = spawn(WORKERD, ["serve", "config.capnp", "--control-fd=3"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece) => said.push(piece));
  const port = await new Promise((resolve, reject) => {
    const failed = (why) => reject(new Error(`workerd did not start: ${why}\n${Buffer.concat(said)}`));
    setTimeout(() => failed("it took too long"), PATIENCE).unref();
    child.once("exit", (code) => failed(`it ended with ${code}`));
    child.stdio[3].on("data", (piece) => {
      const event = piece.toString().split("\n").filter(Boolean).map((line) => JSON.parse(line)).find(({ event }) => event === "listen");
      if (event) resolve(event.port);
    });
  });
  return {
    port,
    pid: child.pid,
    log: () => Buffer.concat(said).toString(),
    stop: async () => {
      child.removeAllListeners("exit");
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill();
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
