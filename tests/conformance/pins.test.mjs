// Every version is pinned, and the same thing has the same version wherever it is named.
import assert from "node:assert/strict";
import { test } from "node:test";
import { require, text } from "./forge.mjs";

const packages = require("./package.json");
const locked = (name) => text("Cargo.lock").match(new RegExp(`name = "${name}"\\nversion = "([^"]+)"`))?.[1];

test("npm packages are exact, and installed as locked", () => {
  const lock = require("./package-lock.json").packages;
  const wanted = { ...packages.devDependencies, ...packages.optionalDependencies };
  for (const [name, version] of Object.entries(wanted)) {
    assert.match(version, /^\d+\.\d+\.\d+$/, name);
    assert.equal(lock[`node_modules/${name}`].version, version, name);
  }
});

test("crates are exact", () => {
  for (const file of ["Cargo.toml", "app/Cargo.toml", "edge/Cargo.toml", "engine/Cargo.toml", "tests/sandbox/Cargo.toml", "xtask/Cargo.toml"]) {
    const sections = text(file).split(/^\[/m).filter((section) => /^(workspace\.)?(dev-|build-)?dependencies\]|^target\..*dependencies\]/.test(section));
    for (const section of sections) {
      for (const [line, version] of section.matchAll(/^[\w-]+ = (?:"([^"]*)"|\{[^}\n]*\bversion = "([^"]*)".*)$/gm).map((match) => [match[0], match[1] ?? match[2]])) {
        assert.match(version, /^=\d+\.\d+\.\d+/, `${file}: ${line}`);
      }
    }
  }
});

test("wasm-bindgen's program is of the library's version", () => {
  const [, version] = text("xtask/src/tools.rs").match(/name: "wasm-bindgen-cli", version: "([^"]+)"/) ?? [];
  assert.ok(version);
  assert.equal(version, locked("wasm-bindgen"));
});

test("trunk is the version its configuration asks for", () => {
  const [, version] = text("xtask/src/tools.rs").match(/name: "trunk", version: "([^"]+)"/) ?? [];
  assert.ok(text("Trunk.toml").includes(`trunk-version = "=${version}"`));
});
