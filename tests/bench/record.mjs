// One approval on a test site, written down: the rows, the copy and the answers the benchmarks start from. So nothing
// here has to be kept in step with the product by hand.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { AUTHOR, JONAS, POLICY_PAGE, REVIEWERS, SITE, SPACE, VIEWER } from "../support/identities.mjs";
import { freshKeys } from "../support/worker.mjs";
import { startSite } from "../support/site.mjs";
import { EDGE_BUILD, OUT, SANDBOX, mustExist } from "./lib/place.mjs";

/** Tables a page or a person has rows in. */
const TABLES = ["journal", "snapshot", "dashboard", "text", "factor", "guess", "installation"];

/**
 * What was recorded with this very build:
 * `keys`, the Worker's secret; `totp`, the approver's key; `rows`, the database while the page is in review; `copy`, what
 * KV holds once it is approved; `answers`, what a viewer is told then; `rest`, what Confluence said of the page.
 */
export async function recorded() {
  const file = path.join(OUT, "recorded.json");
  const build = fingerprint();
  if (existsSync(file)) {
    const kept = JSON.parse(readFileSync(file, "utf8"));
    // The app's token in it is good for three hours.
    if (kept.build === build && Date.now() - kept.at < 3_600_000) return kept;
  }
  const made = { build, at: Date.now(), ...(await record()) };
  mkdirSync(OUT, { recursive: true });
  writeFileSync(file, JSON.stringify(made, null, 1));
  return made;
}

function fingerprint() {
  const hash = createHash("sha256");
  const files = [path.join(EDGE_BUILD, "index.js"), path.join(EDGE_BUILD, "index_bg.wasm"), SANDBOX];
  for (const file of files) hash.update(readFileSync(mustExist(file, "a build")));
  return hash.digest("hex");
}

async function record() {
  const keys = freshKeys();
  const site = await startSite({ vars: { COUNTERSIGN_KEYS: keys } });
  try {
    const jonas = await site.as(JONAS).enrol();
    for (let version = 2; version <= 7; version += 1) await site.edit();
    (await site.as(AUTHOR).submit({ comment: "Ready to be signed." })).good();
    await site.drain();
    const rows = Object.fromEntries(await Promise.all(TABLES.map(async (name) => [name, await rowsOf(site, name)])));
    const rest = await restAnswers(site, jonas);
    (await jonas.approve("Read and agreed.")).good();
    await site.drain();
    const viewer = site.as(VIEWER);
    const answers = {
      "/api/status": (await viewer.status()).good(),
      "/api/confirm": (await viewer.confirm()).good(),
      "/api/actions": (await viewer.actions()).good(),
    };
    if (answers["/api/status"].source !== "copy") throw new Error("the status was not answered from the copy");
    const { keys: stored } = await site.worker.kv.list();
    const name = stored.map((key) => key.name).find((key) => key.endsWith(`/${POLICY_PAGE}`));
    const copy = { name, value: await site.worker.kv.get(name) };
    return { keys, totp: site.authenticators.key(JONAS.account), rows, rest, copy, answers };
  } finally {
    await site.stop();
  }
}

const rowsOf = (site, table) => site.sql(`SELECT * FROM ${table}${table === "journal" ? " ORDER BY position" : ""}`);

/** What Confluence answers while a decision is taken on the page. */
async function restAnswers(site, jonas) {
  const base = `${site.apiOrigin}/ex/confluence/${SITE.cloudId}/wiki`;
  const ask = async (route, token) => {
    const answer = await fetch(base + route, { headers: { authorization: `Bearer ${token}`, accept: "application/json" } });
    if (!answer.ok) throw new Error(`${route}: ${answer.status}`);
    return answer.json();
  };
  const person = await site.sandbox.userToken(jonas.who.account);
  const app = await site.sandbox.appToken();
  const who = encodeURIComponent(jonas.who.account);
  const page = `/api/v2/pages/${POLICY_PAGE}`;
  const groups = await ask(`/rest/api/user/memberof?accountId=${who}&start=0&limit=200`, app);
  if (!groups.results.some((group) => group.id === REVIEWERS)) throw new Error("the approver is in no group that is asked");
  return {
    page: await ask(`${page}?include-version=true&include-operations=true&body-format=storage`, person),
    attachments: await ask(`${page}/attachments?limit=250`, person),
    groups,
    user: await ask(`/rest/api/user?accountId=${who}`, app),
    current: await ask("/rest/api/user/current", person),
    operations: await ask(`/api/v2/spaces/${SPACE.id}/operations`, person),
  };
}
