// The browser, and an eye on what goes wrong in it: policy violations, errors, and requests that leave this machine.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts Chromium. */
export async function launch() {
  const program = process.env.CHROMIUM ?? PLACES.find((place) => existsSync(place));
  if (!program) throw new Error("There is no Chromium. Install it, or name it in the variable CHROMIUM.");
  return chromium.launch({ executablePath: program, args: FLAGS });
}

/** A context whose every page is watched. */
export async function watchedContext(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB", ...options });
  const watch = new Watch();
  await context.exposeBinding("__violated", (_, what) => watch.violations.push(what));
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      globalThis.__violated(`${event.violatedDirective}: ${event.blockedURI} in ${event.documentURI}`);
    });
  });
  context.on("page", (page) => watch.look(page));
  return { context, watch };
}

class Watch {
  /** Violations of the content security policy. */
  violations = [];
  /** Errors nobody caught, and what was said on the console about errors. */
  errors = [];
  /** Requests to other machines. */
  strangers = [];
  /** Addresses asked for, in order. */
  requests = [];

  look(page) {
    page.on("pageerror", (error) => this.errors.push(String(error?.stack ?? error)));
    page.on("console", (message) => {
      const text = message.text();
      if (/Content.Security.Policy|violates the following/i.test(text)) this.violations.push(text);
      else if (message.type() === "error" && !isNetworkNoise(text)) this.errors.push(text);
    });
    page.on("request", (request) => {
      const { protocol, hostname } = new URL(request.url());
      this.requests.push(request.url());
      if (protocol.startsWith("http") && !["127.0.0.1", "localhost"].includes(hostname)) this.strangers.push(request.url());
    });
  }

  /** Nothing went wrong out of sight. */
  clean() {
    assert.deepEqual(this.violations, [], "violations of the content security policy");
    assert.deepEqual(this.errors, [], "errors in the browser");
    assert.deepEqual(this.strangers, [], "requests that left this machine");
  }
}

/** Chromium says this by itself of every request that gets no answer or a refusal; tests that want one look at the page. */
const isNetworkNoise = (text) => /^Failed to load resource/.test(text);
