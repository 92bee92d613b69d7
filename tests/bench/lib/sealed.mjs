// An authenticator's key as the TypeScript baseline keeps it.
import { fromBase32 } from "../../support/totp.mjs";

/** AES-256-GCM under the Worker's key, bound to whose it is: base64( nonce, 12 bytes ‖ ciphertext and tag ). */
export async function sealedForScript(keys, key, { site, person, id }) {
  const raw = Buffer.from(keys.split(":")[1], "base64");
  const cipher = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const additionalData = new TextEncoder().encode(JSON.stringify([site, person, "totp-secret", id]));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, cipher, fromBase32(key));
  return Buffer.concat([iv, Buffer.from(sealed)]).toString("base64");
}
