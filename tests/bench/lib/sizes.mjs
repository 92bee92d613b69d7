// What a file costs on its way to a browser.
import { readFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const BEST_BROTLI = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };

export const gzipped = (bytes) => gzipSync(bytes, { level: 9 });

export function sizeOf(file) {
  const bytes = readFileSync(file);
  return { raw: bytes.length, gzip: gzipped(bytes).length, brotli: brotliCompressSync(bytes, { params: BEST_BROTLI }).length };
}

export const sum = (sizes) =>
  sizes.reduce((all, one) => ({ raw: all.raw + one.raw, gzip: all.gzip + one.gzip, brotli: all.brotli + one.brotli }), { raw: 0, gzip: 0, brotli: 0 });
