// Effects put into the outbox past whoever would cause them, to see what the mails say.
import { SITE } from "./identities.mjs";

let told = 0;

/** Puts an effect there and has it carried out. */
export async function carryOut(site, effect, { lane = `person/${effect.person ?? effect.page}`, key = `test/${(told += 1)}` } = {}) {
  const now = site.now();
  await site.sql(
    "INSERT INTO outbox (site, lane, effect, key, created_at, next_at) VALUES (?, ?, ?, ?, ?, ?)",
    SITE.key,
    lane,
    JSON.stringify(effect),
    key,
    now,
    now,
  );
  await site.drain();
}

/** An erasable text; its id. */
export async function text(site, body) {
  const id = `text-${(told += 1)}`;
  await site.sql("INSERT INTO text (site, id, salt, body) VALUES (?, ?, ?, ?)", SITE.key, id, "00".repeat(16), body);
  return id;
}
