// What a browser downloads for each program of the app: node tests/conformance/sizes.mjs [dist folder] → JSON.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const BEST_BROTLI = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };

function sizeOf(file) {
  const bytes = readFileSync(file);
  return {
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes, { params: BEST_BROTLI }).length,
  };
}

/** Every file below `folder` that is code, with its sizes. Files of the dialog are fetched on first press only. */
export function sizes(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => /\.(wasm|m?js)$/.test(name))
    .sort()
    .map((name) => ({ name, later: /(^|\/)dialog[^/]*$/.test(name), ...sizeOf(path.join(folder, name)) }));
}

/** The sum over what is loaded at once. */
export function total(files) {
  const sum = (kind) => files.filter((file) => !file.later).reduce((all, file) => all + file[kind], 0);
  return { raw: sum("raw"), gzip: sum("gzip"), brotli: sum("brotli") };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = sizes(process.argv[2] ?? "dist/macro");
  process.stdout.write(`${JSON.stringify({ files, total: total(files) })}\n`);
}
