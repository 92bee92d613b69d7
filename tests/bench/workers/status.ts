// The status read as a TypeScript Worker: verify the token, read the copy from KV, answer in the same shape.
import { HEADERS, type Settings, refused, verify } from "./fit.ts";
import { type Copy, statusOf } from "./view.ts";

interface Env extends Settings {
  STATUS: KVNamespace;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    if (request.method !== "POST" || new URL(request.url).pathname !== "/api/status") return new Response(null, { status: 404 });
    const caller = await verify(request, env);
    if (!caller) return refused();
    await request.json();
    const text = await env.STATUS.get(`status/${caller.site}/${caller.page}`);
    if (text === null) return new Response(null, { status: 404 });
    const answer = { status: statusOf(JSON.parse(text) as Copy), source: "copy", viewer: caller.licensed ? "licensed" : "guest" };
    return new Response(JSON.stringify(answer), { headers: HEADERS });
  },
};
