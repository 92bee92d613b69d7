// Packages of a baseline, installed the first time they are needed.
import { existsSync, readFileSync, statSync } from "node:fs";
import { spawnSync } from "node:child_process";
import path from "node:path";

/** Sees to it that a baseline's folder holds what its lockfile names: npm's own note is younger, or all is installed anew. */
export function installed(folder, what) {
  const lock = path.join(folder, "package-lock.json");
  const note = path.join(folder, "node_modules/.package-lock.json");
  if (existsSync(note) && statSync(note).mtimeMs >= statSync(lock).mtimeMs) return;
  const packages = Object.keys(JSON.parse(readFileSync(lock, "utf8")).packages).length;
  console.error(`bench: installing ${packages} packages of ${what} …`);
  const npm = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  if (npm.status !== 0) throw new Error(`The packages of ${what} could not be installed:\n${npm.stderr ?? npm.error}`);
}
