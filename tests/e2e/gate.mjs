// The way from Confluence to the Worker, with a gate in it: requests or answers can be held up, or the line cut.
import { createServer } from "node:http";
import { once } from "node:events";

/** Headers that belong to one line and are not passed on. */
const OF_THE_LINE = new Set(["host", "connection", "content-length", "content-encoding", "transfer-encoding", "expect"]);

/** Opens a gate; `leadsTo` is set once the Worker is there. */
export async function openGate() {
  const gate = new Gate();
  gate.server.listen(0, "127.0.0.1");
  await once(gate.server, "listening");
  gate.url = `http://127.0.0.1:${gate.server.address().port}`;
  return gate;
}

class Gate {
  /** The Worker's address. */
  leadsTo;
  /** Milliseconds the Worker's clock is ahead. */
  shift = 0;
  /** What came through: `{ path, status }`. */
  log = [];
  #rules = [];
  #held = new Set();

  constructor() {
    this.server = createServer((request, response) => {
      this.#pass(request, response).catch(() => response.destroy());
    });
  }

  /**
   * Holds the next that is asked at a path: `where` is "request" (the Worker does not see it yet) or "answer" (the Worker
   * has answered). `arrived` resolves when it is held; `release` lets it go.
   */
  hold(path, where = "answer") {
    const rule = { path, where };
    rule.arrived = new Promise((resolve) => (rule.arrive = resolve));
    rule.free = new Promise((resolve) => (rule.release = resolve));
    this.#rules.push(rule);
    return rule;
  }

  /** Cuts the line: before the Worker sees the request, or after it has carried it out. */
  cut(path = "/", where = "request", times = Infinity) {
    const rule = { path, where, cuts: true, times };
    rule.mend = () => this.#drop(rule);
    this.#rules.push(rule);
    return rule;
  }

  /** Takes every rule away. */
  clear() {
    for (const rule of this.#held) rule.release();
    this.#rules = [];
  }

  /** How often a path came through. */
  count(path) {
    return this.log.filter((one) => one.path === path).length;
  }

  #drop(rule) {
    this.#rules = this.#rules.filter((one) => one !== rule);
  }

  /** Lets a rule act. Whether the line is cut here. */
  async #act(path, where) {
    const rule = this.#rules.find((one) => path.startsWith(one.path) && one.where === where);
    if (!rule) return false;
    if (rule.cuts) {
      rule.times -= 1;
      if (rule.times <= 0) this.#drop(rule);
      return true;
    }
    this.#drop(rule);
    this.#held.add(rule);
    rule.arrive();
    await rule.free;
    this.#held.delete(rule);
    return false;
  }

  async #pass(request, response) {
    const path = new URL(request.url, this.url).pathname;
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    if (await this.#act(path, "request")) return response.destroy();
    const headers = { ...request.headers };
    for (const name of OF_THE_LINE) delete headers[name];
    const body = request.method === "GET" ? undefined : Buffer.concat(pieces);
    const scheduled = path === "/cdn-cgi/handler/scheduled";
    const answer = await fetch(this.leadsTo + (scheduled ? "/__test/scheduled" : request.url), {
      method: request.method,
      headers,
      body,
      redirect: "manual",
    });
    const given = Buffer.from(await answer.arrayBuffer());
    this.log.push({ path, status: answer.status });
    if (await this.#act(path, "answer")) return response.destroy();
    const kept = Object.fromEntries([...answer.headers].filter(([name]) => !OF_THE_LINE.has(name)));
    // As Cloudflare does, so that the app learns the server's time.
    response.sendDate = false;
    response.writeHead(answer.status, { ...kept, date: new Date(Date.now() + this.shift).toUTCString() });
    response.end(given);
  }

  stop() {
    this.clear();
    this.server.closeAllConnections();
    this.server.close();
  }
}
