// The floor of a decision: the token is verified and the two batches are run, word by word as the edge sends them. No
// rule is asked, no code compared, nothing asked of Confluence.
import { HEADERS, type Settings, refused, verify } from "./fit.ts";

type Arg = string | number | null;
interface Batch {
  sql: string;
  args: Arg[];
}

interface Env extends Settings {
  DB: D1Database;
  /** The batches of one decision, as the edge sent them. */
  BATCHES: string;
  /** The texts in them that differ from one decision to the next. */
  VARYING: string;
  ANSWER: string;
}

let template: { batches: Batch[][]; varying: string[] } | undefined;

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    if (request.method !== "POST" || new URL(request.url).pathname !== "/api/decision") return new Response(null, { status: 404 });
    if (!(await verify(request, env))) return refused();
    template ??= { batches: JSON.parse(env.BATCHES), varying: JSON.parse(env.VARYING) };
    const { varying, batches } = template;
    const { values } = (await request.json()) as { values: string[] };
    const [load, commit] = batches.map((batch) =>
      batch.map(({ sql, args }) => env.DB.prepare(sql).bind(...args.map((arg) => filled(arg, varying, values)))),
    );
    const loaded = await env.DB.batch(load);
    if (loaded.length !== load.length) throw new Error("not everything was loaded");
    await env.DB.batch(commit);
    return new Response(env.ANSWER, { headers: HEADERS });
  },
};

function filled(arg: Arg, varying: string[], values: string[]): Arg {
  if (typeof arg !== "string") return arg;
  let text = arg;
  for (let at = 0; at < varying.length; at += 1) if (text.includes(varying[at])) text = text.replaceAll(varying[at], values[at]);
  return text;
}
