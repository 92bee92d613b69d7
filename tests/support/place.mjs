// Where the things under test are.
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const ROOT = process.env.COUNTERSIGN_ROOT ?? path.resolve(fileURLToPath(import.meta.url), "../../..");

/** The built Worker: `index.js` and `index_bg.wasm`. */
export const EDGE_BUILD = process.env.EDGE_BUILD ?? path.join(ROOT, "edge/build");

/** The D1 schema. */
export const MIGRATIONS = path.join(ROOT, "edge/migrations");

/** The built sandbox. */
export const SANDBOX = process.env.SANDBOX_BIN ?? path.join(ROOT, "target/debug/sandbox");

/** Whatever tests leave behind lies here. */
export const SCRATCH = path.join(ROOT, "target/test");

/** Fails with what to do if something has not been built. */
export function mustExist(file, what) {
  if (!existsSync(file)) throw new Error(`${what} is missing at ${file}. Run: cargo xtask build`);
  return file;
}
