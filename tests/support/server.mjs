// `node --test` with one site for all tests of a file.
import { after } from "node:test";
import { startSite } from "./site.mjs";

/** A site that is there while the file's tests run, in `current`. To be awaited before the first hook or test. */
export async function siteForFile(options) {
  const held = { current: await startSite(options) };
  after(() => held.current.stop());
  return held;
}
