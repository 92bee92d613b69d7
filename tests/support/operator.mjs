// The operator's signature, as edge/src/operator.rs describes it, with Node's own cryptography.
import { createHash, createHmac, randomBytes } from "node:crypto";
import { Answer } from "./answer.mjs";

export const OPERATOR_PATH = "/operator/act";

/** A value for the secret OPERATOR_KEY. */
export const newOperatorKey = () => randomBytes(32).toString("base64");

function field(text) {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(text));
  return Buffer.concat([length, Buffer.from(text)]);
}

/** The header of a request. Whatever is not given is as it should be. */
export function signature(key, { body, time, nonce = randomBytes(16).toString("hex"), method = "POST", path = OPERATOR_PATH }) {
  const digest = createHash("sha256").update(body).digest("hex");
  const fields = ["countersign/operator/v1", method, path, digest, String(time), nonce].map(field);
  const mac = createHmac("sha256", Buffer.from(key, "base64")).update(Buffer.concat(fields)).digest("hex");
  return `v1 ${time} ${nonce} ${mac}`;
}

/** Sends bytes to the operator's route with whatever headers. */
export async function sendRaw(site, body, headers = {}, { method = "POST", path = OPERATOR_PATH } = {}) {
  const all = { "content-type": "application/json", "x-test-settle": "yes", ...headers };
  return Answer.of(await site.worker.fetch(path, { method, headers: all, body: method === "GET" ? undefined : body }));
}

/** A genuine request of whoever holds `key`. */
export function order(site, key, request, more = {}) {
  const body = JSON.stringify(request);
  return sendRaw(site, body, { "countersign-operator": signature(key, { body, time: site.now(), ...more }) });
}
