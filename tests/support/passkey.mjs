// An authenticator made of software: what a browser and a security key would send, honestly or not.
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

export const b64u = (bytes) => Buffer.from(bytes).toString("base64url");
const sha256 = (...pieces) => createHash("sha256").update(Buffer.concat(pieces.map((piece) => Buffer.from(piece)))).digest();

export const HOSTED_ORIGIN = "http://localhost:8787";
export const RP_ID = "localhost";

export const PRESENT = 1;
export const VERIFIED = 4;
const ATTESTED = 0x40;

/** As much CBOR (RFC 8949) as an authenticator writes. */
export function cbor(value) {
  const head = (major, length) => {
    if (length < 24) return Buffer.from([(major << 5) | length]);
    if (length < 256) return Buffer.from([(major << 5) | 24, length]);
    const bytes = Buffer.alloc(3);
    bytes[0] = (major << 5) | 25;
    bytes.writeUInt16BE(length, 1);
    return bytes;
  };
  if (typeof value === "number") return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === "string") return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cbor)]);
  if (value instanceof Map) return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, of]) => [cbor(key), cbor(of)])]);
  throw new Error(`no CBOR for ${value}`);
}

/** What a challenge token becomes as a WebAuthn challenge. */
export const challengeForUse = (token) => b64u(sha256("countersign/webauthn/v1", token));

export class Authenticator {
  constructor({ counts = true } = {}) {
    this.keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
    this.id = randomBytes(16);
    this.counter = counts ? 1 : 0;
    this.counts = counts;
  }

  get credential() {
    return b64u(this.id);
  }

  clientData(type, challenge, { origin = HOSTED_ORIGIN, more = { crossOrigin: false } } = {}) {
    return Buffer.from(JSON.stringify({ type, challenge, origin, ...more }));
  }

  data({ rpId = RP_ID, flags = PRESENT | VERIFIED, counter = this.counter, attested = Buffer.alloc(0) } = {}) {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    return Buffer.concat([sha256(rpId), Buffer.from([flags | (attested.length ? ATTESTED : 0)]), count, attested]);
  }

  coseKey({ algorithm = -7, curve = 1 } = {}) {
    const jwk = this.keys.publicKey.export({ format: "jwk" });
    const at = (name) => Buffer.from(jwk[name], "base64url");
    return cbor(new Map([[1, 2], [3, algorithm], [-1, curve], [-2, at("x")], [-3, at("y")]]));
  }

  /** What `navigator.credentials.create` brings, with what is to be wrong about it. */
  create(challenge, wrong = {}) {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(this.id.length);
    const key = wrong.key ?? this.coseKey(wrong);
    const attested = Buffer.concat([Buffer.alloc(16), length, this.id, key]);
    const authData = wrong.bare ? this.data(wrong) : this.data({ ...wrong, attested });
    const attestation = cbor(new Map([["fmt", wrong.fmt ?? "none"], ["attStmt", wrong.statement ?? new Map()], ["authData", authData]]));
    return { client_data: b64u(this.clientData(wrong.type ?? "webauthn.create", challenge, wrong)), attestation: b64u(attestation) };
  }

  /** What `navigator.credentials.get` brings, with what is to be wrong about it. */
  get(challenge, wrong = {}) {
    if (this.counts) this.counter += 1;
    const clientData = this.clientData(wrong.type ?? "webauthn.get", challenge, wrong);
    const data = this.data(wrong);
    const signature = sign("sha256", Buffer.concat([data, sha256(clientData)]), (wrong.by ?? this).keys.privateKey);
    return {
      credential: wrong.credential ?? this.credential,
      client_data: b64u(clientData),
      authenticator_data: b64u(data),
      signature: b64u(wrong.signature ?? signature),
    };
  }
}
