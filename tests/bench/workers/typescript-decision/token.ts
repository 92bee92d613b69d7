// The invocation token, verified by jose; its claims are checked as the edge checks them.
import { createRemoteJWKSet, jwtVerify } from "jose";
import { type Caller, type Settings, callerOf } from "../fit.ts";

let keys: ReturnType<typeof createRemoteJWKSet> | undefined;

/** Who is calling; undefined if the token is bad. */
export async function caller(request: Request, env: Settings): Promise<(Caller & { token: string }) | undefined> {
  const token = request.headers.get("authorization")?.match(/^Bearer (.+)$/)?.[1];
  if (!token) return undefined;
  keys ??= createRemoteJWKSet(new URL(env.FORGE_JWKS_URL));
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ["RS256"],
      issuer: "forge/invocation-token",
      audience: env.FORGE_APP_ID,
      clockTolerance: 5,
    });
    const who = callerOf(payload, env);
    return who && { ...who, token: `Bearer ${request.headers.get("x-forge-oauth-user")}` };
  } catch {
    return undefined;
  }
}
