// What stands behind the KV binding in raw workerd: one value, from memory.

interface Env {
  KEY: string;
  VALUE: string;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (decodeURIComponent(pathname.slice(1)) !== env.KEY) return new Response(null, { status: 404 });
    return new Response(env.VALUE);
  },
};
