// An authenticator app (RFC 6238), written from the RFC and not from the code under test.
import { createHmac } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Seconds a code lives. */
export const STEP_SECONDS = 30;

/** The bytes of a base32 key as people type it. */
export function fromBase32(key) {
  let bits = "";
  for (const letter of key.toUpperCase().replace(/[\s=-]/g, "")) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) throw new Error(`not base32: ${letter}`);
    bits += value.toString(2).padStart(5, "0");
  }
  return Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
}

/** The code of a step. */
export function codeOf(key, step) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", fromBase32(key)).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** The step a time in milliseconds lies in. */
export const stepAt = (millis) => Math.floor(millis / 1000 / STEP_SECONDS);

/** A well-formed code that is none of those accepted around `step`. */
export function wrongCode(key, step, salt = 0) {
  const right = new Set([-2, -1, 0, 1, 2].map((offset) => codeOf(key, step + offset)));
  for (let number = 111_111 + salt * 7919; ; number += 13) {
    const code = String(number % 1_000_000).padStart(6, "0");
    if (!right.has(code)) return code;
  }
}
