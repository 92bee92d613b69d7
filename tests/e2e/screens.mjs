// Pictures of every surface in every state, both themes, narrow and wide, each looked at by axe-core:
//   node tests/e2e/screens.mjs [--out target/screens] [--only <part of a name>] [--quick]
//   node tests/e2e/screens.mjs --readme docs/images
// Writes <surface>-<state>-<theme>-<width>.png, index.json and a contact sheet index.html. --quick makes no pictures.
// --readme takes the README's pictures from the running sandbox instead.
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "../support/place.mjs";
import { readme } from "./screens/readme.mjs";
import { sheet } from "./screens/sheet.mjs";
import { take } from "./screens/take.mjs";

const { values } = parseArgs({
  options: {
    out: { type: "string", default: path.join(ROOT, "target/screens") },
    only: { type: "string", default: "" },
    quick: { type: "boolean", default: false },
    readme: { type: "string" },
  },
});

async function screens() {
  const { only, quick } = values;
  const out = quick ? undefined : path.resolve(values.out);
  if (out && !only) rmSync(out, { recursive: true, force: true });
  const taken = await take({ out, only, say: (text) => console.log(`  ${text}`) });
  if (out) {
    writeFileSync(path.join(out, "index.json"), `${JSON.stringify(taken, null, 2)}\n`);
    writeFileSync(path.join(out, "index.html"), sheet(taken));
  }
  const bad = taken.filter((shot) => shot.findings.length > 0);
  for (const { file, findings } of bad) {
    for (const { id, help, where } of findings) console.log(`${file}: ${id}: ${help}${where.map((one) => `\n    ${one}`).join("")}`);
  }
  console.log(`${taken.length} screens, ${bad.length} with findings${out ? `; see ${path.relative(process.cwd(), path.join(out, "index.html"))}` : ""}`);
  return bad.length === 0;
}

const good = values.readme ? await readme(path.resolve(values.readme)) : await screens();
process.exitCode = good ? 0 : 1;
