// Builds the React baseline: its packages are installed the first time.
import { cpSync, rmSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { installed } from "./packages.mjs";
import { BENCH } from "./place.mjs";

const HERE = path.join(BENCH, "react");

/** The built app's folder, and which of its files are loaded at once: others only when they are asked for. */
export async function reactBuild() {
  installed(HERE, "the React baseline");
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
