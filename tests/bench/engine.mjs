// The engine natively: what it takes to decide, to fold a long stream, to read a definition, to find a page's workflow.
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
  const completes = spread(said.completes_us);
  const interpreted = spread(said.interpreted_us);
  const events = said.events.toLocaleString("en-US");
  return {
    title: "Engine, natively",
    figures: [
      figure({
        name: "an approval by the last of three reviewers, decided",
        unit: "µs",
        ours: completes,
        baseline: interpreted,
        limit: 1,
        note: "mark: a million a second on one core; baseline: the same rules read from the workflow's and the page's JSON, already parsed",
      }),
      figure({ name: "such decisions a second", unit: "", ours: 1e6 / completes.median, baseline: 1e6 / interpreted.median }),
      figure({ name: "an approval by the first of three reviewers, decided", unit: "µs", ours: spread(said.waits_us), limit: 1 }),
      figure({ name: "one decision: decided, folded on, entries sealed", unit: "µs", ours: spread(said.decision_us) }),
      figure({
        name: `folding a stream of ${events} events`,
        unit: "µs",
        ours: spread(said.fold_us),
        baseline: spread(said.read_us),
        limit: 1000,
        note: "baseline: what it takes to read the events from their JSON, before anything is done with them",
      }),
      figure({ name: "reading and validating a definition (policy approval in two stages)", unit: "µs", ours: spread(said.parse_us) }),
      figure({ name: "the workflow of a page, from 50 rules", unit: "µs", ours: spread(said.resolve_us) }),
    ],
  };
}
