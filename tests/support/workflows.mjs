// Workflows put into a test site's journal as an admin's version, for tests that are not about how admins do it.
import { createHash } from "node:crypto";
import { ADMIN, SITE } from "./identities.mjs";

/** Members in order, as RFC 8785 writes them; texts and integers only. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${members.join(",")}}`;
}

/** Appends an event of the system's to a stream, as the Worker would; its seq. */
export async function putEntry(site, stream, event, { actor = { is: "system" }, at = SITE } = {}) {
  const [{ seq }] = await site.sql("SELECT COALESCE(MAX(seq), 0) + 1 AS seq FROM journal WHERE site = ? AND stream = ?", at.key, stream);
  const now = Math.floor(site.now());
  const entry = canonical({ v: 1, site: at.key, stream, at: now, actor, event });
  const leaf = createHash("sha256").update(Buffer.from([0])).update(entry).digest("hex");
  await site.sql(
    `INSERT INTO journal (site, stream, seq, position, at, kind, entry, leaf)
     SELECT ?1, ?2, ?3, 1 + MAX(position), ?4, ?5, ?6, ?7 FROM journal WHERE site = ?1`,
    at.key, stream, seq, now, event.kind, entry, leaf,
  );
  return seq;
}

/** Makes `document` the newest version of the workflow every page may use; its version. */
export async function putWorkflow(site, document, { values = {}, at = SITE } = {}) {
  const id = "page-approval";
  const stream = `workflow/${id}`;
  const [{ seq }] = await site.sql("SELECT COALESCE(MAX(seq), 0) + 1 AS seq FROM journal WHERE site = ? AND stream = ?", at.key, stream);
  const now = Math.floor(site.now());
  const entry = canonical({
    v: 1,
    site: at.key,
    stream,
    at: now,
    actor: { is: "person", account: ADMIN.account },
    event: { kind: "workflow-defined", version: seq, standing: "active", document: { ...document, id }, values: { site: values } },
  });
  const leaf = createHash("sha256").update(Buffer.from([0])).update(entry).digest("hex");
  await site.sql(
    `INSERT INTO journal (site, stream, seq, position, at, kind, entry, leaf)
     SELECT ?1, ?2, ?3, 1 + MAX(position), ?4, 'workflow-defined', ?5, ?6 FROM journal WHERE site = ?1`,
    at.key, stream, seq, now, entry, leaf,
  );
  await site.sql("UPDATE workflow SET version = ?3, name = ?4 WHERE site = ?1 AND id = ?2", at.key, id, seq, document.name);
  return seq;
}
