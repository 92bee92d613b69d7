// Sealed texts, written and read by what edge/src/secret says of them, with Node's own cryptography.
import { createCipheriv, hkdfSync, randomBytes } from "node:crypto";

/** A key in the form of COUNTERSIGN_KEYS. */
export const newKey = (id) => `${id}:${randomBytes(32).toString("base64")}`;

function subKey(key, purpose) {
  const [id, text] = key.split(":");
  const info = Buffer.from(`${purpose}\0${id}`);
  return { id, bytes: Buffer.from(hkdfSync("sha256", Buffer.from(text, "base64"), "countersign/keys/v1", info, 32)) };
}

/** The digits by which people recognise a key. */
export const checkValue = (key) => subKey(key, "check").bytes.subarray(0, 4).toString("hex");

/** Seals `plain` with a key, for a site, a person, a purpose and an id. */
export function seal(key, { site, person = "", purpose, id }, plain) {
  const { id: keyId, bytes } = subKey(key, "seal");
  const fields = ["countersign/seal/v1", site, person, purpose, id].flatMap((text) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.byteLength(text));
    return [length, Buffer.from(text)];
  });
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", bytes, nonce).setAAD(Buffer.concat(fields));
  const text = Buffer.concat([cipher.update(plain), cipher.final()]);
  const head = Buffer.concat([Buffer.from([1, keyId.length]), Buffer.from(keyId)]);
  return Buffer.concat([head, nonce, text, cipher.getAuthTag()]).toString("base64url");
}

/** The id of the key a text is sealed with; nothing if it is no sealed text. */
export function keyOf(text) {
  if (typeof text !== "string" || !/^[\w-]{40,}$/.test(text)) return undefined;
  const bytes = Buffer.from(text, "base64url");
  const id = bytes.subarray(2, 2 + bytes[1]).toString("latin1");
  return bytes[0] === 1 && id.length === bytes[1] && /^[\w-]+$/.test(id) ? id : undefined;
}

/** Every sealed text in the database, whatever table it lies in: `{ place: "table.column", key }`. */
export async function sealedTexts(site) {
  const tables = await site.sql("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'");
  const found = [];
  for (const { name } of tables) {
    for (const row of await site.sql(`SELECT * FROM "${name}"`)) {
      for (const [column, text] of Object.entries(row)) {
        const key = keyOf(text);
        if (key) found.push({ place: `${name}.${column}`, key });
      }
    }
  }
  return found;
}
