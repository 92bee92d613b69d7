// The engine natively: what it takes to decide, and to fold a long stream.
import { spawnSync } from "node:child_process";
import { figure, spread } from "./lib/figures.mjs";
import { ROOT } from "./lib/place.mjs";

export async function engine() {
  const cargo = spawnSync("cargo", ["bench", "--quiet", "--locked", "--package", "engine", "--bench", "decide"], {
    cwd: ROOT,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (cargo.status !== 0) throw new Error(`cargo bench failed: ${cargo.error ?? cargo.stdout}`);
  const said = JSON.parse(cargo.stdout.split("\n").find((line) => line.startsWith("{")));
  const decision = spread(said.decision_us);
  return {
    title: "Engine, natively",
    figures: [
      figure({ name: "one decision: decided, folded on, entries sealed", unit: "µs", ours: decision }),
      figure({ name: "decisions a second", unit: "", ours: 1e6 / decision.median }),
      figure({ name: `folding a stream of ${said.events.toLocaleString("en-US")} events`, unit: "µs", ours: spread(said.fold_us) }),
    ],
  };
}
