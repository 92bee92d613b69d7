// Pages in review, as many as are needed: the recorded page's rows again under other ids.
import { POLICY_PAGE } from "../../support/identities.mjs";

const OF_A_PAGE = { journal: "stream", snapshot: "stream", dashboard: "page" };
const AT_ONCE = 40;

/** Puts the recorded rows into an empty database, then the same page again under each of `ids`. */
export async function plant(db, rows, ids) {
  let position = 0;
  const inserts = [];
  const add = (table, row) => inserts.push(insert(db, table, table === "journal" ? { ...row, position: position++ } : row));
  for (const table of ["installation", "factor", "text", "guess"]) for (const row of rows[table]) add(table, row);
  for (const [table, column] of Object.entries(OF_A_PAGE)) {
    const isOfPage = (row) => [POLICY_PAGE, `page/${POLICY_PAGE}`].includes(row[column]);
    for (const row of rows[table]) add(table, row);
    for (const id of ids) for (const row of rows[table].filter(isOfPage)) add(table, renamed(row, id));
  }
  for (let at = 0; at < inserts.length; at += AT_ONCE) await db.batch(inserts.slice(at, at + AT_ONCE));
}

const renamed = (row, id) =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, typeof value === "string" ? value.replaceAll(POLICY_PAGE, id) : value]));

function insert(db, table, row) {
  const names = Object.keys(row);
  return db.prepare(`INSERT INTO ${table} (${names}) VALUES (${names.map(() => "?")})`).bind(...Object.values(row));
}
