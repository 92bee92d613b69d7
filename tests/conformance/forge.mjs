// The manifest, and Atlassian's packages around it.
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { parse } from "yaml";
import { ROOT } from "../support/place.mjs";

/** CommonJS packages, and the JSON files they carry. */
export const require = createRequire(path.join(ROOT, "package.json"));

/** A file of the checkout. */
export const text = (file) => readFileSync(path.join(ROOT, file), "utf8");

/** The manifest as an object. */
export const manifest = parse(text("manifest.yml"));

/** Every module people use, as `[type, module]`. */
export const uiModules = Object.entries(manifest.modules)
  .filter(([type]) => type === "macro" || type.startsWith("confluence:"))
  .flatMap(([type, modules]) => modules.map((module) => [type, module]));

/** Every product event there is, with the sets of scopes any of which suffices. */
export const eventScopes = new Map(
  require(path.join(path.dirname(require.resolve("@forge/manifest")), "mapping/product-event-to-scope-mapping.json")).mapping.map(
    (entry) => [entry.productEvent, entry.oAuthScopes],
  ),
);

/** The Rust sources below a folder, without files of tests. */
export const rustFiles = (folder) =>
  readdirSync(path.join(ROOT, folder), { recursive: true })
    .filter((name) => name.endsWith(".rs") && !name.endsWith("tests.rs"))
    .map((name) => path.join(folder, name));
