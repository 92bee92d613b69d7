// The app as it was built.
import path from "node:path";
import { ROOT, mustExist } from "../support/place.mjs";

/** One folder for each resource. */
export const DIST = process.env.DIST ?? path.join(ROOT, "dist");

/** Fails with what to do if the app has not been built. */
export function mustBeBuilt() {
  for (const resource of ["macro", "settings"]) mustExist(path.join(DIST, resource, "index.html"), "the built app");
}
