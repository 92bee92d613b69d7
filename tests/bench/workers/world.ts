// Everything outside the Worker: Forge's keys, Confluence as recorded, at once. Every page is the recorded one under
// another id.

interface Env {
  JWKS: string;
  REST: string;
}

let rest: Record<string, string> | undefined;

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/jwks.json") return answer(env.JWKS);
    rest ??= Object.fromEntries(Object.entries(JSON.parse(env.REST)).map(([name, value]) => [name, JSON.stringify(value)]));
    const [, page, more] = pathname.match(/\/wiki\/api\/v2\/pages\/(\d+)(\/.*)?$/) ?? [];
    if (page && !more) return answer(rest.page.replaceAll("98305", page));
    if (more === "/attachments") return answer(rest.attachments);
    if (more?.startsWith("/properties")) return property(request, searchParams.get("key"));
    if (pathname.endsWith("/wiki/rest/api/user/memberof")) return answer(rest.groups);
    if (pathname.endsWith("/wiki/rest/api/user")) return answer(rest.user);
    if (pathname.endsWith("/wiki/rest/api/user/current")) return answer(rest.current);
    if (/\/wiki\/api\/v2\/spaces\/\d+\/operations$/.test(pathname)) return answer(rest.operations);
    return new Response(`nobody answers ${request.method} ${pathname}`, { status: 501 });
  },
};

async function property(request: Request, key: string | null): Promise<Response> {
  if (request.method === "GET") return answer(JSON.stringify({ results: [], key }));
  const sent = (await request.json()) as object;
  return answer(JSON.stringify({ id: "1", version: { number: 1 }, ...sent }));
}

const answer = (json: string) => new Response(json, { headers: { "content-type": "application/json" } });
