// Serves built apps as Forge does: the production policy, the bridge at the top of the head, compressed.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import path from "node:path";
import { SITE, POLICY_PAGE, SPACE, VIEWER } from "../../support/identities.mjs";
import { local } from "../../conformance/csp.mjs";
import { BENCH, ROOT } from "../lib/place.mjs";
import { gzipped } from "../lib/sizes.mjs";

const TYPES = { html: "text/html; charset=utf-8", js: "text/javascript; charset=utf-8", css: "text/css; charset=utf-8", wasm: "application/wasm" };
const THEMES = ["atlassian-light", "atlassian-dark", "atlassian-spacing", "atlassian-typography", "atlassian-shape"];

/** `apps`: folders by name, each served below `/<name>/`. */
export async function serve(apps, recorded) {
  const files = new Map();
  const put = (url, bytes) => files.set(url, { type: TYPES[url.split(".").pop()], bytes: gzipped(bytes) });
  put("/bridge.js", `globalThis.__recorded = ${JSON.stringify(told(recorded))};\n${readFileSync(path.join(BENCH, "paint/bridge.js"))}`);
  put("/tokens.css", (await Promise.all(THEMES.map(theme))).join("\n"));
  const server = createServer((request, response) => {
    const url = new URL(request.url, "http://127.0.0.1").pathname;
    if (url === "/favicon.ico") return response.writeHead(204).end();
    const file = files.get(url) ?? load(url);
    if (!file) return response.writeHead(404).end();
    const headers = { "content-type": file.type, "content-encoding": "gzip", "content-length": file.bytes.length, "cache-control": "no-store" };
    if (file.policy) headers["content-security-policy"] = file.policy;
    return response.writeHead(200, headers).end(file.bytes);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${server.address().port}`;

  /** Read and compressed once, before the browser's first visit is over. */
  function load(url) {
    const [, app, ...rest] = url.split("/");
    const folder = apps[app];
    if (!folder || rest.includes("..")) return undefined;
    let bytes;
    try {
      bytes = readFileSync(path.join(folder, ...rest));
    } catch {
      return undefined;
    }
    const file = { type: TYPES[url.split(".").pop()] ?? "application/octet-stream" };
    if (url.endsWith("/index.html")) {
      const html = bytes.toString();
      file.policy = local(html, origin);
      bytes = html.replace(/<head[^>]*>/, '$&<script src="/bridge.js"></script>');
    }
    file.bytes = gzipped(bytes);
    files.set(url, file);
    return file;
  }
  return { origin, stop: () => (server.closeAllConnections(), server.close()) };
}

const theme = async (name) => (await import(path.join(ROOT, `node_modules/@atlaskit/tokens/dist/esm/artifacts/themes/${name}.js`))).default;

/** What the bridge knows. */
function told(recorded) {
  const { version, id, title, status } = recorded.rest.page;
  return {
    delay: 0,
    answers: recorded.answers,
    page: { id, title, status, version },
    context: {
      accountId: VIEWER.account,
      cloudId: SITE.cloudId,
      moduleKey: "approval-macro",
      localId: "8b1c9d6e-0000-4000-8000-000000000001",
      locale: "en_GB",
      timezone: "Europe/Vienna",
      siteUrl: "https://acme.atlassian.net",
      environmentType: "DEVELOPMENT",
      theme: { colorMode: "light" },
      extension: { type: "macro", content: { id: POLICY_PAGE, type: "page" }, space: { key: SPACE.key, id: SPACE.id }, isEditing: false },
    },
  };
}
