// Verifies a Forge Invocation Token by WebCrypto, with the checks the edge makes: what a TypeScript Worker would do.

export interface Settings {
  FORGE_APP_ID: string;
  FORGE_ENVIRONMENT_ID: string;
  FORGE_JWKS_URL: string;
  CONFLUENCE_API_ORIGIN: string;
}

export interface Caller {
  site: string;
  person: string;
  licensed: boolean;
  page: string;
}

const RS256 = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
const FRESH = 30 * 60 * 1000;
const LEEWAY = 5;

const keys = new Map<string, CryptoKey>();
let fetched = 0;

async function keyOf(kid: string, url: string): Promise<CryptoKey | undefined> {
  if (!keys.has(kid) || Date.now() - fetched > FRESH) {
    const set = (await (await fetch(url)).json()) as { keys: (JsonWebKey & { kid: string })[] };
    keys.clear();
    for (const jwk of set.keys) keys.set(jwk.kid, await crypto.subtle.importKey("jwk", jwk, RS256, false, ["verify"]));
    fetched = Date.now();
  }
  return keys.get(kid);
}

function bytes(part: string): Uint8Array {
  const text = atob(part.replace(/-/g, "+").replace(/_/g, "/"));
  const out = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) out[at] = text.charCodeAt(at);
  return out;
}

const json = (part: string) => JSON.parse(new TextDecoder().decode(bytes(part)));

/** Who is calling; undefined if the token is bad. */
export async function verify(request: Request, settings: Settings): Promise<Caller | undefined> {
  const token = request.headers.get("authorization")?.match(/^Bearer (.+)$/)?.[1];
  const [header, payload, signature, none] = token?.split(".") ?? [];
  if (!header || !payload || !signature || none !== undefined) return undefined;
  const { alg, kid, crit, b64 } = json(header);
  if (alg !== "RS256" || typeof kid !== "string" || crit !== undefined || b64 !== undefined) return undefined;
  const key = await keyOf(kid, settings.FORGE_JWKS_URL);
  if (!key) return undefined;
  const signed = new TextEncoder().encode(`${header}.${payload}`);
  if (!(await crypto.subtle.verify(RS256.name, key, bytes(signature), signed))) return undefined;
  return callerOf(json(payload), settings);
}

/** What verified claims say of the caller, if they are acceptable. */
export function callerOf(claims: any, settings: Settings): Caller | undefined {
  const { app, context, principal } = claims;
  const now = Math.floor(Date.now() / 1000);
  const appUuid = settings.FORGE_APP_ID.split("/")[1];
  const environment = `ari:cloud:ecosystem::environment/${appUuid}/${settings.FORGE_ENVIRONMENT_ID}`;
  const cloudId = app?.installation?.contexts?.[0]?.cloudId;
  const base = `${settings.CONFLUENCE_API_ORIGIN}/ex/confluence/${cloudId}`;
  const good =
    !("icLabel" in claims) &&
    claims.iss === "forge/invocation-token" &&
    claims.aud === settings.FORGE_APP_ID &&
    now < claims.exp + LEEWAY &&
    (claims.nbf ?? 0) <= now + LEEWAY &&
    claims.iat <= now + LEEWAY &&
    app.id === claims.aud &&
    app.installationId === app.installation.id &&
    typeof cloudId === "string" &&
    /^[A-Za-z0-9-]{1,64}$/.test(cloudId) &&
    app.installation.contexts.every((one: { cloudId: string; apiBaseUrl?: string }) => one.cloudId === cloudId && (one.apiBaseUrl ?? base) === base) &&
    context.cloudId === cloudId &&
    app.apiBaseUrl === base &&
    app.environment.id === environment &&
    [settings.FORGE_ENVIRONMENT_ID, environment, undefined].includes(context.environmentId) &&
    (context.accountId ?? principal) === principal &&
    Boolean(claims.jti);
  const page = String(context?.extension?.content?.id ?? "");
  if (!good || !["approval-macro", "approval-byline"].includes(app.module.key) || !/^\d{1,20}$/.test(page)) return undefined;
  return {
    site: `${cloudId}/${settings.FORGE_ENVIRONMENT_ID}`,
    person: principal,
    licensed: context.accountType === "licensed",
    page,
  };
}

export const refused = () =>
  Response.json({ type: "urn:countersign:problem:bad-invocation", status: 401, title: "Bad invocation token" }, { status: 401 });

export const HEADERS = { "content-type": "application/json", "cache-control": "no-store", "x-content-type-options": "nosniff" };
