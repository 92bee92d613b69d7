// What a process has cost so far.
import { readFileSync, readdirSync } from "node:fs";

/** Clock ticks a second: the same on every Linux there is. */
const TICKS = 100;

/** User and system time in ms. From the scheduler, to the nanosecond, where it tells; else in steps of 10 ms. */
export function cpuMillis(pid) {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.reduce((sum, thread) => sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "latin1").split(" ")[0]), 0) / 1e6;
  } catch {
    const fields = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ")[1].split(" ");
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS;
  }
}

/** Processes `parent` started, by name. */
export function children(parent, name) {
  const found = [];
  for (const pid of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
      const open = stat.indexOf("(");
      const close = stat.lastIndexOf(")");
      if (stat.slice(open + 1, close) === name && Number(stat.slice(close + 2).split(" ")[1]) === parent) found.push(Number(pid));
    } catch {
      // It ended while we looked.
    }
  }
  return found;
}
