// The code: the secret opened by WebCrypto (AES-256-GCM, bound to whose it is), compared by otplib.
import { verify } from "otplib";
import type { Factor } from "./database.ts";

interface Secret {
  COUNTERSIGN_KEYS: string;
}

const STEP_SECONDS = 30;
let made: { from: string; key: Promise<CryptoKey> } | undefined;

const bytes = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

function key(env: Secret): Promise<CryptoKey> {
  if (made?.from !== env.COUNTERSIGN_KEYS) {
    const raw = bytes(env.COUNTERSIGN_KEYS.split(":")[1]);
    made = { from: env.COUNTERSIGN_KEYS, key: crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]) };
  }
  return made.key;
}

/** The step of the code, if it is right, at most one step off and later than the last. */
export async function accepted(env: Secret, who: { site: string; person: string }, factor: Factor, token: string): Promise<number | undefined> {
  const sealed = bytes(factor.secret);
  const additionalData = new TextEncoder().encode(JSON.stringify([who.site, who.person, "totp-secret", factor.id]));
  const secret = await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.subarray(0, 12), additionalData }, await key(env), sealed.subarray(12));
  const result = await verify({ secret: new Uint8Array(secret), token, epochTolerance: STEP_SECONDS, afterTimeStep: factor.last_step });
  return result.valid && "timeStep" in result ? (result.timeStep as number) : undefined;
}
