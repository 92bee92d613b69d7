// The header Forge serves each page of the app with, computed by the package Forge computes it with:
//   node tests/conformance/csp.mjs [--site <origin>] [--dist dist] [--out target/sandbox/csp.json]
// Without --site it says `{site}` in its place, for the sandbox to fill in.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ROOT } from "../support/place.mjs";
import { manifest, require } from "./forge.mjs";

const { CSPInjectionService, CSPProcessingService } = require("@forge/csp");
const { load } = require("cheerio");

const SILENT = { info() {}, warn() {}, error() {}, debug() {} };

/** The header for one page of the app, as Forge sends it for a site at `site`. */
export function production(html, site, permissions = manifest.permissions) {
  const existingCSPDetails = new CSPProcessingService(SILENT, load).getCspDetails(html, permissions);
  return new CSPInjectionService().getInjectableCSP({ existingCSPDetails, microsEnv: "prod", hostname: site }).join("; ");
}

/** The same for a site on this machine: violations are reported to it, not to Atlassian. */
export const local = (html, site) => production(html, site).replace(/report-uri \S+/, `report-uri ${site}/csp-report`);

/** The built page of a resource. */
export const page = (resource, dist = path.join(ROOT, "dist")) =>
  readFileSync(path.join(dist, path.relative("dist", resource.path), "index.html"), "utf8");

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { site, dist, out } = parseArgs({
    options: { site: { type: "string", default: "{site}" }, dist: { type: "string" }, out: { type: "string" } },
  }).values;
  const headers = Object.fromEntries(manifest.resources.map((each) => [each.key, local(page(each, dist), site)]));
  const json = `${JSON.stringify(headers, null, 2)}\n`;
  if (out) {
    mkdirSync(path.dirname(out), { recursive: true });
    writeFileSync(out, json);
  } else {
    process.stdout.write(json);
  }
}
