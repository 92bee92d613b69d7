// The built pages under the very header Forge serves them with.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { local, page, production } from "./csp.mjs";
import { manifest, require } from "./forge.mjs";

const { load } = require("cheerio");
const SITE = "https://acme.atlassian.net";

const directives = (header) =>
  Object.fromEntries(header.split("; ").map((each) => [each.split(" ")[0], each.split(" ").slice(1)]));

for (const resource of manifest.resources) {
  describe(`page ${resource.key}`, () => {
    const html = page(resource);
    const $ = load(html);
    const header = directives(production(html, SITE));

    test("every inline script is allowed by its hash, and none by unsafe-inline", () => {
      for (const script of $("script:not([src])").toArray()) {
        const hash = createHash("sha256").update($(script).html()).digest("base64");
        assert.ok(header["script-src"].includes(`'sha256-${hash}'`));
      }
      assert.ok(!header["script-src"].includes("'unsafe-inline'"));
      assert.ok(header["script-src"].includes("'unsafe-eval'"), "WebAssembly needs it");
    });

    test("styles are the app's own files", () => {
      assert.ok(!header["style-src"].includes("'unsafe-inline'"));
      assert.equal($("style").length, 0, "a <style> element would be ignored");
      assert.equal($("[style]").length, 0, "a style attribute would be ignored");
    });

    test("no handler in an attribute: it would not run", () => {
      const handlers = $("*").toArray().flatMap((element) => Object.keys(element.attribs).filter((name) => /^on/i.test(name)));
      assert.deepEqual(handlers, []);
    });

    test("every address is relative: nobody knows the path it is served from", () => {
      const addresses = $("[src], [href]").toArray().map((element) => element.attribs.src ?? element.attribs.href);
      const imports = [...html.matchAll(/\b(?:from|import\(?|module_or_path:)\s*['"]([^'"]+)['"]/g)].map((match) => match[1]);
      assert.ok(addresses.length + imports.length > 0, "a page that loads nothing does nothing");
      for (const address of [...addresses, ...imports]) assert.match(address, /^\.\/[^/]/);
    });

    test("the sandbox's header differs in the site's address and in where reports go, and in nothing else", () => {
      const here = "http://127.0.0.1:8788";
      const expected = production(html, SITE)
        .replaceAll(SITE, here)
        .replace(/report-uri .*$/, `report-uri ${here}/csp-report`);
      assert.equal(local(html, here), expected);
    });
  });
}

test("Forge knows no narrower grant for WebAssembly than unsafe-eval", () => {
  const narrow = production("<html></html>", SITE, { content: { scripts: ["wasm-unsafe-eval"] } });
  assert.ok(!narrow.includes("wasm-unsafe-eval"), "it does now: ask for that instead");
});
