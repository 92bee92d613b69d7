// Builds the React baseline: its packages are installed the first time.
import { existsSync, cpSync, readFileSync, rmSync, statSync } from "node:fs";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { build } from "esbuild";
import { BENCH } from "./place.mjs";

const HERE = path.join(BENCH, "react");

/** The built app's folder, and which of its files are loaded at once: others only when they are asked for. */
export async function reactBuild() {
  install();
  const out = path.join(HERE, "dist");
  rmSync(out, { recursive: true, force: true });
  const { metafile } = await build({
    entryPoints: { app: path.join(HERE, "src/main.tsx") },
    outdir: out,
    bundle: true,
    minify: true,
    treeShaking: true,
    format: "esm",
    // What Atlaskit imports on demand stays out of what is loaded at once.
    splitting: true,
    metafile: true,
    target: "es2022",
    jsx: "automatic",
    mainFields: ["module", "browser", "main"],
    define: { "process.env.NODE_ENV": '"production"', "process.env": "{}", global: "globalThis" },
    legalComments: "none",
    logLevel: "error",
  });
  cpSync(path.join(HERE, "index.html"), path.join(out, "index.html"));
  return { folder: out, atOnce: ["index.html", "app.css", ...importedBy(metafile, path.relative(process.cwd(), path.join(out, "app.js")))] };
}

/** A file and all it imports, as esbuild tells it. */
function importedBy(metafile, entry, found = new Set()) {
  if (found.has(path.basename(entry))) return found;
  found.add(path.basename(entry));
  for (const { path: other, kind } of metafile.outputs[entry].imports) {
    if (kind === "import-statement") importedBy(metafile, other, found);
  }
  return found;
}

/** npm's own note of what is installed is younger than the lockfile, or everything is installed anew. */
function install() {
  const lock = path.join(HERE, "package-lock.json");
  const note = path.join(HERE, "node_modules/.package-lock.json");
  if (existsSync(note) && statSync(note).mtimeMs >= statSync(lock).mtimeMs) return;
  const packages = Object.keys(JSON.parse(readFileSync(lock, "utf8")).packages).length;
  console.error(`bench: installing ${packages} packages of the React baseline …`);
  const npm = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: HERE, stdio: ["ignore", "ignore", "pipe"] });
  if (npm.status !== 0) throw new Error(`The React baseline could not be installed:\n${npm.stderr ?? npm.error}`);
}
