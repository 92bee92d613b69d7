// A D1 database with our schema, and the very SQL the Worker runs.

import { Miniflare } from "miniflare";
import { readFileSync, readdirSync } from "node:fs";

const edge = new URL("../../../edge/", import.meta.url);

export const SITE = "a11ce000-1111-4222-8333-444455556666/0e3a9c52-8f4b-4f0d-9b55-6d3c1e7a8f20";
export const OTHER_SITE = "b0b00000-1111-4222-8333-444455556666/0e3a9c52-8f4b-4f0d-9b55-6d3c1e7a8f20";

/** The text of one statement. */
export function sql(name) {
  return readFileSync(new URL(`src/store/sql/${name}.sql`, edge), "utf8");
}

/** Every statement there is: `{ name, text }`. */
export function allSql() {
  const root = new URL("src/store/sql/", edge);
  return readdirSync(root, { recursive: true })
    .filter((file) => file.endsWith(".sql"))
    .map((file) => file.slice(0, -4).replaceAll("\\", "/"))
    .map((name) => ({ name, text: sql(name) }));
}

/** The statements of all migrations, in order. A trigger's body holds semicolons of its own. */
export function migrations() {
  const folder = new URL("migrations/", edge);
  const statements = [];
  for (const file of readdirSync(folder).sort()) {
    const text = readFileSync(new URL(file, folder), "utf8").replaceAll(/--.*$/gm, "");
    let current = "";
    for (const line of text.split("\n")) {
      current += `${line}\n`;
      const inTrigger = /CREATE TRIGGER/.test(current);
      if (inTrigger ? /^END;\s*$/.test(line) : /;\s*$/.test(line)) {
        statements.push(current.trim());
        current = "";
      }
    }
    if (current.trim() !== "") throw new Error(`${file}: no end: ${current}`);
  }
  return statements;
}

/** A fresh database. `close` it in the end. */
export async function database() {
  const miniflare = new Miniflare({
    modules: true,
    script: "export default { fetch() { return new Response(null, { status: 404 }); } };",
    compatibilityDate: "2026-06-01",
    d1Databases: ["DB"],
  });
  const d1 = await miniflare.getD1Database("DB");
  await d1.batch(migrations().map((statement) => d1.prepare(statement)));
  const prepare = (name, ...args) => d1.prepare(sql(name)).bind(...args);
  return {
    d1,
    /** One of the Worker's statements. */
    prepare,
    /** Runs one of the Worker's statements and gives its rows. */
    run: async (name, ...args) => (await prepare(name, ...args).run()).results,
    /** Any SQL of the test's own. */
    ask: async (text, ...args) => (await d1.prepare(text).bind(...args).run()).results,
    /** Appends an entry to a stream at `seq`. */
    append: (stream, seq, site = SITE) => prepare("journal/append", site, stream, seq, 1, "test", `{"seq":${seq}}`, "leaf"),
    close: () => miniflare.dispose(),
  };
}

/** The word a statement was refused with, as `edge/src/store/fault.rs` reads it. */
export async function refusal(promise) {
  try {
    await promise;
  } catch (error) {
    const match = /^D1_ERROR: (.*?): SQLITE_CONSTRAINT/.exec(error.message);
    if (match) return match[1];
    throw error;
  }
  return undefined;
}
