// Whoever can write SQL to the database still cannot change what the journal says, cut it, or leave a gap in it.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { AUTHOR, JONAS, POLICY_PAGE, SITE } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const STREAM = `page/${POLICY_PAGE}`;
const COLUMNS = "site, stream, seq, position, at, kind, entry, leaf";
let head, position;

before(async () => {
  const site = held.current;
  await site.as(JONAS).enrol();
  (await site.as(AUTHOR).submit()).good();
  (await site.as(JONAS).approve()).good();
  [{ head }] = await site.sql("SELECT MAX(seq) AS head FROM journal WHERE site = ? AND stream = ?", SITE.key, STREAM);
  [{ position }] = await site.sql("SELECT MAX(position) AS position FROM journal WHERE site = ?", SITE.key);
});

const whole = async () => JSON.stringify(await held.current.sql("SELECT * FROM journal ORDER BY site, position"));

/** The statement fails, or does nothing. */
async function inVain(text, ...values) {
  const before = await whole();
  await held.current.sql(text, ...values).catch((error) => assert.match(String(error), /SQLITE_CONSTRAINT|seq|position|append-only/));
  assert.equal(await whole(), before, text);
}

// A kind that no other trigger reads: what is refused is refused by the journal itself, as the last test shows.
for (const verb of ["INSERT", "INSERT OR REPLACE", "INSERT OR IGNORE", "REPLACE"]) {
  const insert = `${verb} INTO journal (${COLUMNS}) VALUES (?, ?, ?, ?, 0, 'noted', '{}', 'x')`;

  test(`${verb}: an entry that is there stays as it is`, async () => {
    for (let seq = 1; seq <= head; seq += 1) {
      const [row] = await held.current.sql("SELECT position FROM journal WHERE site = ? AND stream = ? AND seq = ?", SITE.key, STREAM, seq);
      await inVain(insert, SITE.key, STREAM, seq, row.position);
      await inVain(insert, SITE.key, STREAM, seq, position + 1);
      await inVain(insert, SITE.key, "page/other", 1, row.position);
    }
  });

  test(`${verb}: a seq is not skipped`, async () => {
    for (const seq of [head + 2, 0, -1]) await inVain(insert, SITE.key, STREAM, seq, position + 1);
  });

  test(`${verb}: a position is not skipped`, async () => {
    for (const at of [position + 2, position, 0, -1]) await inVain(insert, SITE.key, STREAM, head + 1, at);
  });
}

test("an upsert does not update", async () => {
  const insert = `INSERT INTO journal (${COLUMNS}) VALUES (?, ?, ?, ?, 0, 'noted', '{}', 'x')`;
  for (const conflict of ["(site, stream, seq)", "(site, position)"]) {
    await inVain(`${insert} ON CONFLICT ${conflict} DO UPDATE SET entry = '{}'`, SITE.key, STREAM, head, position);
  }
});

test("nothing is updated or deleted", async () => {
  for (const statement of [
    "UPDATE journal SET entry = '{}'",
    "UPDATE OR REPLACE journal SET seq = seq + 1",
    "UPDATE journal SET site = 'elsewhere'",
    "DELETE FROM journal",
    `DELETE FROM journal WHERE seq = ${head}`,
  ]) {
    await inVain(statement);
  }
});

test("the next entry is taken, so nothing but its place refused the others", async () => {
  const insert = `INSERT INTO journal (${COLUMNS}) VALUES (?, ?, ?, ?, 0, 'noted', '{}', 'x')`;
  await held.current.sql(insert, SITE.key, STREAM, head + 1, position + 1);
  assert.match(await whole(), /"kind":"noted"/);
});
