// What a decision is bound to, authenticated with HMAC-SHA-256 by jose.
import { SignJWT, jwtVerify } from "jose";

export interface Bound {
  site: string;
  page: string;
  version: number;
  content_hash: string;
  workflow: string;
  workflow_version: number;
  state: string;
  state_seq: number;
  approval: string;
  policy_version: number;
  decision: "approve" | "reject";
  meaning: string;
  account: string;
  nonce: string;
  exp?: number;
}

interface Secret {
  COUNTERSIGN_KEYS: string;
  CHALLENGE_SECONDS: string;
}

const AUDIENCE = "countersign/challenge/decision";
let made: { from: string; key: Promise<CryptoKey> } | undefined;

/** The key of `COUNTERSIGN_KEYS`, imported once. */
function key(env: Secret): Promise<CryptoKey> {
  if (made?.from !== env.COUNTERSIGN_KEYS) {
    const bytes = Uint8Array.from(atob(env.COUNTERSIGN_KEYS.split(":")[1]), (letter) => letter.charCodeAt(0));
    const hmac = { name: "HMAC", hash: "SHA-256" };
    made = { from: env.COUNTERSIGN_KEYS, key: crypto.subtle.importKey("raw", bytes, hmac, false, ["sign", "verify"]) };
  }
  return made.key;
}

export const issue = async (env: Secret, bound: Bound) =>
  new SignJWT({ ...bound })
    .setProtectedHeader({ alg: "HS256" })
    .setAudience(AUDIENCE)
    .setExpirationTime(`${env.CHALLENGE_SECONDS} seconds`)
    .sign(await key(env));

/** The record, if it is ours and not too old. */
export async function opened(env: Secret, token: string): Promise<Bound | undefined> {
  try {
    const { payload } = await jwtVerify(token, await key(env), { algorithms: ["HS256"], audience: AUDIENCE });
    return payload as unknown as Bound;
  } catch {
    return undefined;
  }
}
