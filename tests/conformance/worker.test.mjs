// The Worker's configuration, read by wrangler itself.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { unstable_readConfig } from "wrangler";
import { ROOT } from "../support/place.mjs";
import { manifest, require, text } from "./forge.mjs";

const config = unstable_readConfig({ config: path.join(ROOT, "wrangler.toml") });
/** Set with `wrangler secret put`, never written down. */
const SECRETS = ["COUNTERSIGN_KEYS", "MAIL_API_KEY", "OPERATOR_KEY"];

test("it names every setting the edge reads, no other, and no secret", () => {
  const source = ["edge/src/config.rs", "edge/src/mail/settings.rs"].map(text).join("\n");
  const read = [...source.matchAll(/"([A-Z][A-Z_]{3,})"/g)].map((match) => match[1]);
  assert.deepEqual([...new Set(read)].sort(), [...Object.keys(config.vars), ...SECRETS].sort());
  for (const secret of SECRETS) assert.equal(config.vars[secret], undefined);
});

test("ARCHITECTURE.md explains every setting", () => {
  const table = text("ARCHITECTURE.md");
  for (const name of [...Object.keys(config.vars), ...SECRETS]) assert.ok(table.includes(`\`${name}\``), name);
});

test("it accepts the tokens of the manifest's app, from Atlassian, and sends the app's token to Atlassian only", () => {
  assert.equal(config.vars.FORGE_APP_ID, manifest.app.id);
  assert.equal(config.vars.FORGE_JWKS_URL, "https://forge.cdn.prod.atlassian-dev.net/.well-known/jwks.json");
  assert.equal(config.vars.CONFLUENCE_API_ORIGIN, "https://api.atlassian.com");
});

test("it builds nothing: a deploy must not install tools", () => {
  assert.equal(config.build.command, undefined);
  assert.equal(path.relative(ROOT, config.main), "edge/build/index.js");
});

test("the clock ticks every minute, on the bindings the edge uses", () => {
  assert.deepEqual(config.triggers.crons, ["* * * * *"]);
  assert.deepEqual(config.d1_databases.map((each) => each.binding), ["DB"]);
  assert.deepEqual(config.kv_namespaces.map((each) => each.binding), ["STATUS"]);
});

test("its compatibility date is one the pinned workerd knows", () => {
  const { version } = require("workerd/package.json");
  const built = version.split(".")[1];
  assert.ok(config.compatibility_date.replaceAll("-", "") <= built, `${config.compatibility_date} is after ${built}`);
});

test("migrations are numbered without a gap", () => {
  const files = readdirSync(path.join(ROOT, config.d1_databases[0].migrations_dir)).sort();
  assert.ok(files.length > 0);
  files.forEach((file, index) => {
    assert.match(file, /^\d{4}_[a-z0-9_]+\.sql$/);
    assert.equal(Number(file.slice(0, 4)), index + 1, file);
  });
});
