// The manifest against Atlassian's own validator, and against what the Worker knows.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { stringify } from "yaml";
import { ROOT } from "../support/place.mjs";
import { eventScopes, manifest, require, rustFiles, text, uiModules } from "./forge.mjs";

const { ProcessorBuilder, ValidationTypes } = require("@forge/manifest");

/** Not a product's events, so the mapping of products' events lacks them. */
const LIFECYCLE = ["avi:forge:installed:app", "avi:forge:upgraded:app"];

describe("Atlassian's validator", () => {
  const home = process.cwd();
  let folder;

  // It reads manifest.yml from the current folder, and looks for each resource's index.html.
  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "countersign-manifest-"));
    for (const resource of manifest.resources) {
      mkdirSync(path.join(folder, resource.path), { recursive: true });
      writeFileSync(path.join(folder, resource.path, "index.html"), "<!doctype html><title>x</title>");
    }
    process.chdir(folder);
  });
  after(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true });
  });

  async function validate(type, content) {
    writeFileSync(path.join(folder, "manifest.yml"), content);
    const { success, errors } = await ProcessorBuilder.instance().withValidation(type).build().process();
    return { success, errors: (errors ?? []).map((error) => `line ${error.line}: ${error.message}`) };
  }

  for (const type of Object.values(ValidationTypes)) {
    test(`has nothing to say: ${type}`, async () => {
      assert.deepEqual(await validate(type, text("manifest.yml")), { success: true, errors: [] });
    });
  }

  const spoilt = (change) => {
    const copy = structuredClone(manifest);
    change(copy);
    return stringify(copy);
  };
  const faults = {
    "an unknown scope": [ValidationTypes.FULL, (copy) => copy.permissions.scopes.push("read:pages:confluence")],
    "wasm-unsafe-eval": [ValidationTypes.FULL, (copy) => (copy.permissions.content.scripts = ["wasm-unsafe-eval"])],
    "a resource that is not there": [ValidationTypes.FULL, (copy) => (copy.resources[0].path = "dist/other")],
    "an endpoint without its remote": [ValidationTypes.FULL, (copy) => (copy.modules.endpoint[0].remote = "other")],
    "an event without its scopes": [
      ValidationTypes.PRODUCT_TRIGGER,
      (copy) => (copy.permissions.scopes = copy.permissions.scopes.filter((scope) => scope !== "write:page:confluence")),
    ],
  };
  for (const [fault, [type, change]] of Object.entries(faults)) {
    test(`would notice ${fault}`, async () => {
      const { success, errors } = await validate(type, spoilt(change));
      assert.equal(success, false);
      assert.notDeepEqual(errors, []);
    });
  }
});

describe("events", () => {
  const events = manifest.modules.trigger.flatMap((trigger) => trigger.events);

  // The validator lets a misspelled event pass.
  for (const event of events.filter((name) => !LIFECYCLE.includes(name))) {
    test(`${event} exists and its scopes are asked for`, () => {
      const sets = eventScopes.get(event);
      assert.ok(sets, "no product sends it");
      const granted = (scopes) => scopes.every((scope) => manifest.permissions.scopes.includes(scope));
      assert.ok(Object.values(sets).some(granted), `needs one of ${JSON.stringify(sets)}`);
    });
  }

  test("what changes a page is among them", () => {
    for (const kind of ["page", "attachment"]) {
      for (const what of ["created", "updated", "trashed", "restored", "deleted"]) {
        assert.ok(events.includes(`avi:confluence:${what}:${kind}`), `${what}:${kind}`);
      }
    }
    assert.deepEqual(new Set(events).size, events.length, "none is named twice");
  });
});

describe("names", () => {
  const constants = (file, pattern) => Object.fromEntries([...text(file).matchAll(pattern)].map((match) => [match[1], match[2]]));
  const routes = constants("engine/src/wire/route.rs", /const (\w+): &str = "([^"]+)"/g);
  const endpoints = new Map(manifest.modules.endpoint.map((endpoint) => [endpoint.key, endpoint]));

  test("the edge knows exactly the modules people call from", () => {
    const known = Object.keys(constants("edge/src/fit/modules.rs", /"([\w-]+)" => Some\(Module::(\w+)\)/g));
    assert.deepEqual(known.sort(), uiModules.map(([, module]) => module.key).sort());
  });

  test("people's modules call through one endpoint, which names no path and hands on the person's token", () => {
    const { UI_ENDPOINT } = constants("edge/src/fit/modules.rs", /const (UI_ENDPOINT): &str = "([^"]+)"/g);
    for (const [type, module] of uiModules) assert.deepEqual(module.resolver, { endpoint: UI_ENDPOINT }, type);
    assert.equal(endpoints.get(UI_ENDPOINT).route, undefined);
    assert.equal(endpoints.get(UI_ENDPOINT).auth.appUserToken.enabled, true);
  });

  test("the platform's endpoints lead to the platform's routes, with the app's token and no person's", () => {
    const expected = { "edge-events": routes.FORGE_EVENTS, "edge-schedule": routes.FORGE_SCHEDULE, "edge-lifecycle": routes.FORGE_LIFECYCLE };
    for (const [key, route] of Object.entries(expected)) {
      assert.equal(endpoints.get(key).route.path, route);
      assert.deepEqual(endpoints.get(key).auth, { appSystemToken: { enabled: true } });
    }
    assert.equal(endpoints.size, 4);
  });

  test("triggers, schedule and farewell go where they are taken", () => {
    const { trigger, scheduledTrigger, preUninstall } = manifest.modules;
    for (const each of trigger) {
      const lifecycle = each.events.every((event) => LIFECYCLE.includes(event));
      assert.equal(each.endpoint, lifecycle ? "edge-lifecycle" : "edge-events", each.key);
    }
    assert.deepEqual(scheduledTrigger.map((each) => [each.endpoint, each.interval]), [["edge-schedule", "hour"]]);
    assert.deepEqual(preUninstall.map((each) => each.endpoint), ["edge-lifecycle"]);
  });

  test("the byline's property is the one the edge writes", () => {
    const key = manifest.modules["confluence:contentBylineItem"][0].contentPropertyKey;
    const sources = rustFiles("edge/src").concat(rustFiles("engine/src"));
    assert.ok(sources.some((file) => text(file).includes(`&str = "${key}"`)), `no constant of the edge is "${key}"`);
  });
});

describe("grants", () => {
  test("guests may approve; nobody anonymous may; settings are for licensed people", () => {
    const access = Object.fromEntries(uiModules.map(([, module]) => [module.key, module.unlicensedAccess]));
    const guests = ["unlicensed"];
    assert.deepEqual(access, {
      "approval-macro": guests,
      "approval-byline": guests,
      "approval-space": guests,
      "approval-settings": undefined,
    });
  });

  test("the page gets what WebAssembly needs and nothing else", () => {
    assert.deepEqual(manifest.permissions.content, { scripts: ["unsafe-eval"] });
    assert.deepEqual(manifest.permissions.external, { fetch: { backend: [{ remote: "edge-worker" }] } });
  });

  test("every resource a module shows has been built", () => {
    for (const [, module] of uiModules) {
      const resource = manifest.resources.find((each) => each.key === module.resource);
      assert.ok(existsSync(path.join(ROOT, resource.path, "index.html")), `${resource.path}: run cargo xtask build`);
    }
  });
});
