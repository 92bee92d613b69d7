// The database: the statements the edge sent for one decision, word by word, with values of this one's own.
import type { Settings } from "../fit.ts";
import type { Outcome } from "./entries.ts";

type Arg = string | number | null;
interface Statement {
  sql: string;
  args: Arg[];
}
export interface Env extends Settings {
  DB: D1Database;
  COUNTERSIGN_KEYS: string;
  CHALLENGE_SECONDS: string;
  /** The two batches of a decision on `PAGE`, as the edge sent them. */
  BATCHES: string;
  PAGE: string;
}
export interface Factor {
  id: string;
  secret: string;
  last_step: number;
}
interface Who {
  page: string;
}

let template: { reading: Statement[]; writing: Statement[] } | undefined;

function statements(env: Env): { reading: Statement[]; writing: Statement[] } {
  if (!template) {
    const [reading, writing] = JSON.parse(env.BATCHES) as Statement[][];
    template = { reading, writing };
  }
  return template;
}

const about = (statement: Statement, pattern: RegExp) => pattern.test(statement.sql);
const onPage = (env: Env, who: Who, args: Arg[]) => args.map((arg) => (typeof arg === "string" ? arg.replaceAll(env.PAGE, who.page) : arg));
const prepare = (env: Env, { sql, args }: Statement) => env.DB.prepare(sql).bind(...args);

/** Counts the attempt, then reads everything: one batch. */
export async function count(env: Env, who: Who, nonce: string, now: number) {
  const { reading } = statements(env);
  const sent = reading.map((statement) => {
    const args = onPage(env, who, statement.args);
    if (about(statement, /FROM consumed WHERE site = \?1 AND nonce = \?2\s*$/)) args[1] = nonce;
    if (about(statement, /INSERT INTO guess/)) [args[2], args[3]] = [now, nonce];
    return { sql: statement.sql, args };
  });
  const results = await env.DB.batch<any>(sent.map((statement) => prepare(env, statement)));
  const rows = (pattern: RegExp) => results[reading.findIndex((statement) => about(statement, pattern))]?.results ?? [];
  return { used: rows(/FROM consumed/).length > 0, admitted: rows(/INSERT INTO guess/).length > 0, ...read(rows) };
}

/** What a challenge is made from. */
export async function load(env: Env, who: Who) {
  const reading = statements(env).reading.filter((statement) => about(statement, /FROM snapshot|FROM journal/));
  const sent = reading.map(({ sql, args }) => prepare(env, { sql, args: onPage(env, who, args) }));
  const results = await env.DB.batch<any>(sent);
  return read((pattern) => results[reading.findIndex((statement) => about(statement, pattern))]?.results ?? []);
}

function read(rows: (pattern: RegExp) => any[]) {
  const policies = rows(/FROM journal\s+WHERE site = \?1 AND stream = \?2 ORDER BY seq DESC LIMIT 1/);
  return {
    fold: JSON.parse(rows(/SELECT seq, format, fold FROM snapshot/)[0].fold),
    names: Object.fromEntries(rows(/SELECT id, body FROM text/).map(({ id, body }) => [id, body])) as Record<string, string>,
    factor: rows(/FROM factor/)[0] as Factor,
    policy: JSON.parse(policies[0].entry).event.policy.version as number,
  };
}

/** Everything that follows, and what must still be so: one batch. */
export async function commit(env: Env, who: Who, outcome: Outcome): Promise<void> {
  const entries = [...outcome.entries];
  const sent = statements(env).writing.map((statement) => {
    const args = onPage(env, who, statement.args);
    const is = (pattern: RegExp) => about(statement, pattern);
    if (is(/FROM consumed/)) args[1] = outcome.bound.nonce;
    if (is(/INSERT INTO consumed/)) [args[1], args[3], args[6]] = [outcome.bound.nonce, outcome.challenge, outcome.at];
    if (is(/FROM factor|UPDATE factor/)) args[2] = outcome.factor;
    if (is(/last_step/)) args[3] = outcome.step;
    if (is(/INSERT INTO text/)) args[1] = JSON.stringify(outcome.texts);
    if (is(/INSERT INTO snapshot/)) args[4] = JSON.stringify(outcome.fold);
    if (is(/INSERT INTO journal/)) {
      const { seq, kind, entry, leaf } = entries.shift() ?? { seq: 0, kind: "", entry: "", leaf: "" };
      [args[2], args[3], args[4], args[5], args[6]] = [seq, outcome.at, kind, entry, leaf];
    }
    return prepare(env, { sql: statement.sql, args });
  });
  await env.DB.batch(sent);
}
