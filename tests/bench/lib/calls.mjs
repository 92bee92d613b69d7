// Calls to the Workers under test: settings, invocation tokens, bytes ready to be sent.
import { makeKey, sign } from "../../support/forge.mjs";
import { uiClaims } from "../../support/claims.mjs";
import { settings } from "../../support/worker.mjs";
import { post } from "./wire.mjs";

/** Where the Workers think Confluence is: their `fetch` ends in the service that plays it, wherever it is addressed to. */
export const ORIGIN = "http://confluence.bench";

export const forge = await makeKey("forge/invocation-token/bench");

/** The settings of a Worker under test, with the secret the recorded rows were sealed with. */
export const texts = (recorded) => {
  const all = settings({ jwksUrl: `${ORIGIN}/jwks.json`, sandboxUrl: ORIGIN, keys: recorded.keys });
  return all;
};

/** What `world.ts` needs to know. */
export const worldTexts = (recorded) => ({ JWKS: JSON.stringify({ keys: [forge.jwk] }), REST: JSON.stringify(recorded.rest) });

/** A call of a person's on a page, with a token of its own: good for 25 s. */
export async function call(path, person, page, body = {}) {
  const token = await sign(uiClaims({ person, page, apiOrigin: ORIGIN }), forge);
  const headers = {
    authorization: `Bearer ${token}`,
    "content-type": "application/json",
    "x-forge-oauth-user": "token-of-the-person",
    "x-b3-traceid": "463ac35c9f6413ad48485a3953bb6124",
    "x-b3-spanid": "a2fb4a1d1a96d312",
  };
  return post(path, headers, JSON.stringify(body));
}
