// Where the benchmarks find things and leave things.
import { createRequire } from "node:module";
import path from "node:path";
import { ROOT } from "../../support/place.mjs";

export { EDGE_BUILD, ROOT, SANDBOX, mustExist } from "../../support/place.mjs";

export const BENCH = path.join(ROOT, "tests/bench");
/** Figures and whatever is built or recorded on the way. */
export const OUT = path.join(ROOT, "target/bench");
export const DIST = process.env.DIST ?? path.join(ROOT, "dist");
export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
/** The binary itself. */
export const WORKERD = createRequire(path.join(ROOT, "package.json"))("workerd").default;
