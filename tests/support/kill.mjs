// kill -9 of workerd: what no program can prepare for.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";

/** The workerd processes this process started. */
function workerds() {
  const found = [];
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const [, name, rest] = readFileSync(`/proc/${pid}/stat`, "utf8").match(/\((.*)\) \w (\d+)/);
      if (name === "workerd" && Number(rest) === process.pid) found.push(Number(pid));
    } catch {
      // It ended while we looked.
    }
  }
  return found;
}

/** Kills the site's Worker at once, and boots it again on the same data once `underWay` has ended. */
export async function killAndRestart(site, underWay) {
  const pids = workerds();
  assert.ok(pids.length > 0, "there is a workerd to kill");
  for (const pid of pids) process.kill(pid, "SIGKILL");
  await Promise.all([underWay, site.worker.stop().catch(() => {})]);
  await site.boot();
}
