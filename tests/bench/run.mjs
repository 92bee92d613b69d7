// node tests/bench/run.mjs [--only size|paint|status|decision|engine]… [--quick]
// Measures Countersign beside its baselines, prints one table and leaves it in target/bench/latest.{json,md}.
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { OUT } from "./lib/place.mjs";
import { table } from "./lib/figures.mjs";

const PARTS = ["size", "paint", "status", "decision", "engine"];

const { values } = parseArgs({
  options: { only: { type: "string", multiple: true, default: PARTS }, quick: { type: "boolean", default: false } },
});
const unknown = values.only.filter((name) => !PARTS.includes(name));
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(", ")}. There are: ${PARTS.join(", ")}.`);
  process.exit(2);
}

const parts = [];
for (const name of PARTS.filter((part) => values.only.includes(part))) {
  console.error(`bench: ${name} …`);
  const measure = await import(`./${name}.mjs`);
  parts.push(await measure[name]({ quick: values.quick }));
}

const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, load ${loadavg()[0].toFixed(1)}, Node ${process.version}`;
const about = `${new Date().toISOString()} on ${machine}${values.quick ? ", quick" : ""}. Middle value (least–most).`;
const text = `${about}\n\n${table(parts)}`;
mkdirSync(OUT, { recursive: true });
writeFileSync(path.join(OUT, "latest.md"), `${text}\n`);
writeFileSync(path.join(OUT, "latest.json"), `${JSON.stringify({ at: new Date().toISOString(), machine, quick: values.quick, parts }, null, 2)}\n`);
console.log(text);
const missed = parts.flatMap((part) => part.figures).filter((one) => one.met === false);
console.log(missed.length === 0 ? "Every mark is met." : `Missed: ${missed.map((one) => one.name).join("; ")}.`);
process.exit(0);
