// From navigation to the state on screen, in Chromium with nothing cached: Countersign's macro and the same macro in React
// and Atlaskit, taking turns.
import path from "node:path";
import { chromium } from "playwright-core";
import { figure, spread } from "./lib/figures.mjs";
import { BENCH, CHROMIUM, DIST, mustExist } from "./lib/place.mjs";
import { reactBuild } from "./lib/react.mjs";
import { serve } from "./paint/server.mjs";
import { recorded } from "./record.mjs";

const FLAGS = ["--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const MEGABIT = 1_000_000 / 8;
const CONDITIONS = [
  { name: "unthrottled" },
  { name: "4 × slower CPU, 10 Mbit/s", cpu: 4, network: { offline: false, latency: 0, downloadThroughput: 10 * MEGABIT, uploadThroughput: 10 * MEGABIT } },
];
const PATIENCE = 60_000;

export async function paint({ quick }) {
  const known = await recorded();
  const macro = path.join(DIST, "macro");
  mustExist(path.join(macro, "index.html"), "the built macro");
  const { folder } = await reactBuild();
  const server = await serve({ countersign: macro, react: folder, nothing: path.join(BENCH, "paint/nothing") }, known);
  const root = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: [...FLAGS, ...root] });
  const { version } = known.answers["/api/status"].status.approved;
  const runs = quick ? 5 : 21;
  try {
    const figures = [];
    for (const condition of CONDITIONS) {
      const times = { countersign: [], react: [], nothing: [] };
      for (let run = 0; run < runs + 1; run += 1) {
        const order = Object.keys(times);
        for (const app of run % 2 ? order.toReversed() : order) {
          const seen = await visit(browser, `${server.origin}/${app}/index.html`, condition, version);
          // The first visit has the server compress and the disk read.
          if (run > 0) times[app].push(seen);
        }
      }
      const of = (app, moment) => spread(times[app].map((seen) => seen[moment]));
      const compare = (name, moment, mark) =>
        figure({ name: `${name}, ${condition.name}`, unit: "ms", ours: of("countersign", moment), baseline: of("react", moment), mark });
      figures.push(compare("state visible", "state", 0.5), compare("version confirmed", "confirmed"));
      figures.push(figure({ name: `a page without a program, ${condition.name}`, unit: "ms", ours: of("nothing", "state"), note: "what navigation alone takes in this browser on this machine: it is in every figure above" }));
    }
    return {
      title: "From navigation to the state on screen",
      about:
        `Chromium ${browser.version()}, a new context for each of ${runs} visits taking turns, both served gzipped from this machine under the policy Forge ` +
        "would send, the bridge answering at once. Baseline: React 18 and Atlaskit.",
      figures,
    };
  } finally {
    await browser.close();
    server.stop();
  }
}

/**
 * Milliseconds from navigation until the approved version, and then that it is confirmed, is on screen. The page reports
 * by itself: whatever playwright would evaluate in it meanwhile would be timed too.
 */
async function visit(browser, url, { cpu, network }, version) {
  const context = await browser.newContext({ viewport: { width: 800, height: 600 } });
  try {
    const page = await context.newPage();
    const trouble = [];
    page.on("pageerror", (error) => trouble.push(error.message));
    page.on("console", (message) => message.type() === "error" && trouble.push(message.text()));
    const session = await context.newCDPSession(page);
    const watched = { state: `Version ${version} approved by`, confirmed: "This is the version you see" };
    const reported = new Promise((resolve, reject) => {
      const late = () => reject(new Error(`${url}: the state did not appear; ${trouble.join("; ")}`));
      const timer = setTimeout(late, PATIENCE);
      session.on("Runtime.bindingCalled", ({ payload }) => (clearTimeout(timer), resolve(JSON.parse(payload))));
    });
    await session.send("Runtime.enable");
    await session.send("Runtime.addBinding", { name: "reportSeen" });
    await session.send("Page.enable");
    await session.send("Page.addScriptToEvaluateOnNewDocument", { source: `(${watch})(${JSON.stringify(watched)})` });
    await session.send("Network.enable");
    await session.send("Network.setCacheDisabled", { cacheDisabled: true });
    if (network) await session.send("Network.emulateNetworkConditions", network);
    if (cpu) await session.send("Emulation.setCPUThrottlingRate", { rate: cpu });
    await page.goto(url, { waitUntil: "commit" });
    const seen = await reported;
    if (trouble.length > 0) throw new Error(`${url}: ${trouble.join("; ")}`);
    return seen;
  } finally {
    await context.close();
  }
}

/** In the page: notes when each text was first in the document and the frame with it was on its way to the screen. */
function watch(texts) {
  const seen = {};
  const waiting = new Map(Object.entries(texts));
  const wanted = waiting.size;
  const look = () => {
    const text = document.body?.textContent ?? "";
    for (const [moment, words] of waiting) {
      if (!text.includes(words)) continue;
      waiting.delete(moment);
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          seen[moment] = performance.now();
          if (Object.keys(seen).length === wanted) globalThis.reportSeen(JSON.stringify(seen));
        };
        port2.postMessage(0);
      });
    }
    if (waiting.size === 0) observer.disconnect();
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { childList: true, subtree: true, characterData: true });
}
