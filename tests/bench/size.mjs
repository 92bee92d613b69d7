// What a viewer loads: Countersign's macro beside the same macro in React and Atlaskit.
import { readdirSync } from "node:fs";
import path from "node:path";
import { figure } from "./lib/figures.mjs";
import { DIST, mustExist } from "./lib/place.mjs";
import { reactBuild } from "./lib/react.mjs";
import { sizeOf, sum } from "./lib/sizes.mjs";

/** WebAssembly and JavaScript of the macro, gzip -9, in KB: xtask's budget check fails above it. */
const BUDGET_KB = 110;

const isCode = (name) => /\.(wasm|js)$/.test(name);

export async function size() {
  const macro = path.join(DIST, "macro");
  mustExist(path.join(macro, "index.html"), "the built macro");
  const react = await reactBuild();
  const of = (folder, wanted) => sum(files(folder).filter(wanted).map((name) => sizeOf(path.join(folder, name))));
  const ofMacro = (wanted) => of(macro, wanted);
  const ofReact = (wanted) => of(react.folder, (name) => react.atOnce.includes(name) && wanted(name));
  // The dialog is a program of its own, fetched on the first press of a button.
  const later = (name) => name.startsWith("dialog") && isCode(name);
  const rows = [
    ["macro: WebAssembly and JavaScript", (name) => isCode(name) && !later(name), isCode],
    ["macro: WebAssembly alone", (name) => name.endsWith(".wasm") && !later(name), undefined],
    ["macro: everything, with CSS and HTML", (name) => !later(name), () => true],
    ["dialogs, on the first press", later, undefined],
  ];
  const figures = rows.flatMap(([name, wanted, baseline], at) => compare(name, ofMacro(wanted), baseline && ofReact(baseline), at === 0));
  const settings = path.join(DIST, "settings");
  if (files(settings).length > 0) figures.push(...compare("settings: everything", of(settings, (name) => !later(name)), undefined, false));
  return {
    title: "What a viewer loads",
    about: "Baseline: the same macro in React 18 and Atlaskit with @forge/bridge, without what it imports on demand. 1 KB is 1000 bytes.",
    figures,
  };
}

function files(folder) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes(".stage"))
      .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
  } catch {
    return [];
  }
}

/** Raw, gzip and brotli, each a figure. */
function compare(name, ours, baseline, budgeted) {
  return Object.keys(ours).map((kind) =>
    figure({
      name: `${name}, ${kind === "gzip" ? "gzip -9" : kind}`,
      unit: "KB",
      ours: ours[kind] / 1000,
      baseline: baseline && baseline[kind] / 1000,
      limit: budgeted && kind === "gzip" ? BUDGET_KB : undefined,
    }),
  );
}
