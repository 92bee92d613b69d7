// The app under the very policy Forge serves it with: it works, it breaks no rule, it asks nobody outside.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { manifest } from "../conformance/forge.mjs";
import { local, page as builtPage } from "../conformance/csp.mjs";
import { ADMIN, AUTHOR, JONAS, VIEWER } from "../support/identities.mjs";
import { DIST } from "./dist.mjs";
import { stackForFile } from "./files.mjs";
import { eventually, says } from "./visitor.mjs";

describe("under the production policy", () => {
  const held = stackForFile();
  let me;
  const headers = new Map();
  before(async () => {
    me = await held.visitor(AUTHOR);
    me.page.on("response", (response) => headers.set(response.url(), response.headers()["content-security-policy"]));
    await me.read();
  });

  /** The address of a frame as it was loaded. */
  const address = (resource) => [...headers.keys()].find((url) => url.endsWith(`/${resource}/index.html`));

  test("the macro's page came with the header computed by Forge's own package", () => {
    const resource = manifest.resources.find(({ key }) => key === "macro");
    assert.equal(headers.get(address("macro")), local(builtPage(resource, DIST), held.stack.url));
  });

  test("it is enforced: what it forbids does not run", async () => {
    // Asked in a window of its own, for the violation is wanted here.
    const other = await held.visitor(VIEWER);
    await other.read();
    const seen = await other.macro.locator("body").evaluate(async (body) => {
      const violated = new Promise((resolve) => addEventListener("securitypolicyviolation", (event) => resolve(event.violatedDirective), { once: true }));
      const script = document.createElement("script");
      script.textContent = "globalThis.smuggled = true";
      body.append(script);
      return { directive: await violated, ran: globalThis.smuggled === true };
    });
    assert.match(seen.directive, /^script-src/);
    assert.equal(seen.ran, false);
    await eventually("the watch saw it", () => other.watch.violations.length > 0);
  });

  test("submit, enrol, approve, reject: every flow breaks no rule", async () => {
    await me.press("submit");
    await me.press("submit-confirm");
    await me.dialogIsGone();
    await me.become(JONAS);
    await me.confirmed();
    await me.press("approve");
    await me.enrol();
    await me.see("shown").waitFor();
    await me.type("code", me.wrongCode());
    await me.press("sign");
    await me.reads("code-error", /./);
    await me.type("code", await me.code());
    await me.press("sign");
    await me.dialogIsGone();
    await me.reads("state", "Approved");
    await me.see("history").locator("summary").click();
    me.watch.clean();
  });

  test("the byline's popup, the space page and the settings too", async () => {
    await me.page.locator("[data-byline] button").click();
    await says(me.popup.getByTestId("approved-line"), "Version 1 approved");
    await me.page.getByRole("link", { name: "Approvals" }).first().click();
    await me.frame("approval-space").getByTestId("space-row").first().waitFor();
    await me.become(ADMIN);
    await me.page.getByRole("link", { name: "Countersign settings" }).first().click();
    await me.frame("approval-settings").getByTestId("section-workflow").waitFor();
    me.watch.clean();
  });

  test("in the dark theme as well, which follows the page around it", async () => {
    await me.become(VIEWER);
    await me.read();
    const background = () => me.macro.locator("html").evaluate((html) => [html.dataset.colorMode, getComputedStyle(html.querySelector("h1")).color]);
    const [, inLight] = await background();
    await me.page.locator("#theme").click();
    await eventually("the frame is dark", async () => (await background())[0] === "dark");
    assert.notEqual((await background())[1], inLight);
    me.watch.clean();
  });

  test("everything the frame loads lies beside it, and only what is needed is loaded", async () => {
    const base = new URL(".", address("macro")).href;
    const own = [];
    me.page.on("request", (request) => {
      if (request.frame().url().startsWith(base)) own.push(request.url());
    });
    await me.read();
    const bare = own.map((url) => new URL(url).pathname);
    assert.ok(bare.some((path) => path.endsWith(".wasm")), bare.join("\n"));
    assert.ok(!bare.some((path) => /dialog.*\.wasm$/.test(path)), "a viewer loads no dialog");
    for (const url of own) assert.ok(url.startsWith(new URL(base).origin) || url.startsWith("data:"), url);
  });

  test("nothing left this machine", () => me.watch.clean());
});
