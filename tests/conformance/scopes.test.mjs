// What the manifest asks for, against what the edge does with it: enough, and nothing to spare.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { ROOT } from "../support/place.mjs";
import { eventScopes, manifest, rustFiles, text } from "./forge.mjs";

const DESCRIPTIONS = path.join(ROOT, "../shared/confluence-openapi");
const described = existsSync(DESCRIPTIONS);
const skip = described ? false : "needs ../shared: Atlassian's OpenAPI documents";

/** Every call the edge makes of Confluence. */
const CALLS = [
  ["get", "/wiki/api/v2/databases/{}/descendants"],
  ["get", "/wiki/api/v2/embeds/{}/descendants"],
  ["get", "/wiki/api/v2/folders/{}/descendants"],
  ["get", "/wiki/api/v2/labels/{}/pages"],
  ["get", "/wiki/api/v2/pages"],
  ["get", "/wiki/api/v2/pages/{}"],
  ["get", "/wiki/api/v2/pages/{}/ancestors"],
  ["get", "/wiki/api/v2/pages/{}/attachments"],
  ["get", "/wiki/api/v2/pages/{}/descendants"],
  ["get", "/wiki/api/v2/pages/{}/labels"],
  ["get", "/wiki/api/v2/pages/{}/properties"],
  ["post", "/wiki/api/v2/pages/{}/properties"],
  ["put", "/wiki/api/v2/pages/{}/properties/{}"],
  ["get", "/wiki/api/v2/pages/{}/versions"],
  ["get", "/wiki/api/v2/spaces/{}/operations"],
  ["get", "/wiki/api/v2/spaces/{}/pages"],
  ["post", "/wiki/api/v2/users-bulk"],
  ["get", "/wiki/api/v2/whiteboards/{}/descendants"],
  ["get", "/wiki/rest/api/content/{}/child/attachment/{}/download"],
  ["post", "/wiki/rest/api/content/{}/permission/check"],
  ["get", "/wiki/rest/api/group/by-id"],
  ["get", "/wiki/rest/api/group/{}/membersByGroupId"],
  ["get", "/wiki/rest/api/label"],
  ["get", "/wiki/rest/api/user"],
  ["get", "/wiki/rest/api/user/bulk"],
  ["get", "/wiki/rest/api/user/current"],
  ["get", "/wiki/rest/api/user/email"],
  ["get", "/wiki/rest/api/user/email/bulk"],
  ["get", "/wiki/rest/api/user/memberof"],
];

/** What the app asks of Confluence as the person, besides what the edge asks. */
const APP_CALLS = [
  ["get", "/wiki/rest/api/group/picker"],
  ["get", "/wiki/rest/api/search/user"],
];

/** Placeholders without their names, and no query. */
const shape = (address) => address.replace(/\?.*$/, "").replace(/\{[^}]*\}/g, "{}");

/** What stands before the first module of tests. */
const code = (file) => text(file).split("#[cfg(test)]")[0];

function scopesByCall() {
  const read = (name) => JSON.parse(readFileSync(path.join(DESCRIPTIONS, name), "utf8")).paths;
  const table = new Map();
  for (const [prefix, paths] of [["", read("v1.json")], ["/wiki/api/v2", read("v2.json")]]) {
    for (const [address, operations] of Object.entries(paths)) {
      for (const [method, operation] of Object.entries(operations)) {
        const sets = (operation["x-atlassian-oauth2-scopes"] ?? []).map((set) => set.scopes);
        table.set(`${method} ${prefix}${shape(address)}`, sets);
      }
    }
  }
  return table;
}

test("the list above is what the edge's source calls", () => {
  const called = rustFiles("edge/src").flatMap((file) => [...code(file).matchAll(/"(\/wiki\/[^"]+)"/g)].map((match) => shape(match[1])));
  const listed = new Set(CALLS.map(([, address]) => address));
  // The property's own address is made from that of the list of properties.
  listed.delete("/wiki/api/v2/pages/{}/properties/{}");
  assert.deepEqual([...new Set(called)].sort(), [...listed].sort());
});

test("so is the app's", () => {
  // Confluence's own pages, which are opened in a tab, need no scope.
  const called = rustFiles("app/src").flatMap((file) => [...code(file).matchAll(/"(\/wiki\/(?!pages\/)[^"?]+)[^"]*"/g)].map((match) => shape(match[1])));
  const known = new Set([...CALLS, ...APP_CALLS].map(([, address]) => address));
  for (const [, address] of APP_CALLS) assert.ok(called.includes(address), address);
  for (const address of called) assert.ok([...known].some((one) => one.startsWith(address)), address);
});

test("each token an endpoint hands on has its scope", () => {
  const handed = manifest.modules.endpoint.flatMap((endpoint) => Object.keys(endpoint.auth));
  const scope = { appUserToken: "read:app-user-token", appSystemToken: "read:app-system-token" };
  for (const token of new Set(handed)) assert.ok(manifest.permissions.scopes.includes(scope[token]), token);
});

describe("scopes", { skip }, () => {
  const calls = described ? scopesByCall() : new Map();
  const satisfied = (sets, granted) => sets.some((set) => set.every((scope) => granted.includes(scope)));
  const events = manifest.modules.trigger.flatMap((trigger) => trigger.events).filter((event) => eventScopes.has(event));
  const needs = [
    ...[...CALLS, ...APP_CALLS].map(([method, address]) => [`${method} ${address}`, calls.get(`${method} ${address}`)]),
    ...events.map((event) => [event, Object.values(eventScopes.get(event))]),
    ["the person's token", [["read:app-user-token"]]],
    ["the app's token", [["read:app-system-token"]]],
  ];

  for (const [what, sets] of needs) {
    test(`enough for ${what}`, { skip }, () => {
      assert.ok(sets, "Atlassian describes no such call");
      assert.ok(satisfied(sets, manifest.permissions.scopes), `needs one of ${JSON.stringify(sets)}`);
    });
  }

  for (const scope of manifest.permissions.scopes) {
    test(`${scope} is needed`, { skip }, () => {
      const others = manifest.permissions.scopes.filter((other) => other !== scope);
      assert.ok(needs.some(([, sets]) => !satisfied(sets, others)), "nothing would miss it");
    });
  }
});
