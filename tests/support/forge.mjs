// Forge as far as invocation tokens go: a signing key, its public half on a server, and tokens made with npm's jose.
import { createServer } from "node:http";
import { once } from "node:events";
import { SignJWT, exportJWK, generateKeyPair } from "jose";

/** A key of somebody's. */
export async function makeKey(kid) {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  return { kid, privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: "RS256", use: "sig" } };
}

/** A token over `claims`, exactly as given. */
export function sign(claims, key, header = {}) {
  return new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: key.kid, ...header }).sign(key.privateKey);
}

/** Starts the server of the public keys. */
export async function startForge() {
  const forge = new Forge(await makeKey("forge/invocation-token/test-1"));
  forge.server.listen(0, "127.0.0.1");
  await once(forge.server, "listening");
  return forge;
}

class Forge {
  /** The published keys; tests may add and take away. */
  keys;
  /** How often the keys were asked for. */
  asked = 0;
  /** Set to a status to make the server fail. */
  failsWith = undefined;

  constructor(key) {
    this.key = key;
    this.keys = [key.jwk];
    this.server = createServer((request, response) => {
      this.asked += 1;
      response.writeHead(this.failsWith ?? 200, { "content-type": "application/json" });
      response.end(JSON.stringify(this.failsWith ? {} : { keys: this.keys }));
    });
  }

  get jwksUrl() {
    return `http://127.0.0.1:${this.server.address().port}/.well-known/jwks.json`;
  }

  /** A genuine token. */
  token(claims) {
    return sign(claims, this.key);
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }
}
