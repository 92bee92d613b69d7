// A bare Worker that takes the token apart and runs a decision's two batches, word by word as the edge sends them, and
// nothing else: no rule is asked, no code compared. With CONFLUENCE it makes the edge's calls to Confluence too.
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
  /** The texts in them that differ from one decision to the next, longest first. */
  VARYING: string;
  ANSWER: string;
  CONFLUENCE?: string;
}

let template: { batches: Batch[][]; varying: string[] } | undefined;

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    if (request.method !== "POST" || new URL(request.url).pathname !== "/api/decision") return new Response(null, { status: 404 });
    const caller = await verify(request, env);
    if (!caller) return refused();
    template ??= { batches: JSON.parse(env.BATCHES), varying: JSON.parse(env.VARYING) };
    const { varying, batches } = template;
    const { values } = (await request.json()) as { values: string[] };
    const token = `Bearer ${request.headers.get("x-forge-oauth-user")}`;
    const now = env.CONFLUENCE === undefined ? undefined : pageNow(caller.page, `${env.CONFLUENCE_API_ORIGIN}/ex/confluence/${caller.site.split("/")[0]}`, token);
    await now;
    const [load, commit] = batches.map((batch) =>
      batch.map(({ sql, args }) => env.DB.prepare(sql).bind(...args.map((arg) => filled(arg, varying, values)))),
    );
    const loaded = await env.DB.batch(load);
    if (loaded.length !== load.length) throw new Error("not everything was loaded");
    if (env.CONFLUENCE !== undefined) await ask(`${env.CONFLUENCE_API_ORIGIN}/ex/confluence/x/wiki/rest/api/user?accountId=${caller.person}`, token);
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

const ask = async (url: string, authorization: string) => (await fetch(url, { headers: { accept: "application/json", authorization } })).json();

/** The page with its attachments, as the edge asks for them. */
function pageNow(page: string, base: string, authorization: string) {
  const path = `${base}/wiki/api/v2/pages/${page}`;
  return Promise.all([
    ask(`${path}?include-version=true&include-operations=true&body-format=storage`, authorization),
    ask(`${path}/attachments?limit=250`, authorization),
  ]);
}
