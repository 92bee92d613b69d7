// Every way of making an invocation token that is not genuine: name → (genuine claims, forge) → Authorization header.
import { createHmac, generateKeyPairSync } from "node:crypto";
import { SignJWT, exportSPKI } from "jose";
import { makeKey, sign } from "../support/forge.mjs";

const base64url = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const bearer = (token) => `Bearer ${token}`;

/** A token whose header is as given and whose signature is made by `seal`. */
function handmade(header, claims, seal) {
  const signed = `${base64url(header)}.${base64url(claims)}`;
  return `${signed}.${seal(signed)}`;
}

const hmac = (secret) => (signed) => createHmac("sha256", secret).update(signed).digest("base64url");
const rs256 = { alg: "RS256" };

/** Wrong in the envelope: algorithm, key, signature. */
export const ENVELOPE = {
  "no header at all": () => undefined,
  "an empty header": () => "Bearer ",
  "another scheme": async (claims, forge) => `JWT ${await forge.token(claims)}`,
  "garbage": () => bearer("garbage"),
  "three dots of garbage": () => bearer("a.b.c"),
  "alg none": (claims, forge) => bearer(handmade({ alg: "none", kid: forge.key.kid }, claims, () => "")),
  "alg None": (claims, forge) => bearer(handmade({ alg: "None", kid: forge.key.kid }, claims, () => "")),
  "alg none beside a genuine signature": async (claims, forge) => {
    const signature = (await forge.token(claims)).split(".")[2];
    return bearer(handmade({ alg: "none", kid: forge.key.kid }, claims, () => signature));
  },
  "HS256 with the public key as PEM": async (claims, forge) =>
    bearer(handmade({ alg: "HS256", kid: forge.key.kid }, claims, hmac(await exportSPKI(forge.key.publicKey)))),
  "HS256 with the public key's modulus": (claims, forge) =>
    bearer(handmade({ alg: "HS256", kid: forge.key.kid }, claims, hmac(Buffer.from(forge.key.jwk.n, "base64url")))),
  "HS256 with the public key as JSON": (claims, forge) =>
    bearer(handmade({ alg: "HS256", kid: forge.key.kid }, claims, hmac(JSON.stringify(forge.key.jwk)))),
  "PS256 with the genuine key": async (claims, forge) => {
    const key = await crypto.subtle.importKey(
      "pkcs8",
      await crypto.subtle.exportKey("pkcs8", forge.key.privateKey),
      { name: "RSA-PSS", hash: "SHA-256" },
      false,
      ["sign"],
    );
    return bearer(await new SignJWT(claims).setProtectedHeader({ alg: "PS256", kid: forge.key.kid }).sign(key));
  },
  "ES256 with a key of one's own": async (claims, forge) => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    return bearer(await new SignJWT(claims).setProtectedHeader({ alg: "ES256", kid: forge.key.kid }).sign(privateKey));
  },
  "somebody else's key under the genuine kid": async (claims, forge) =>
    bearer(await sign(claims, await makeKey(forge.key.kid))),
  "a kid nobody knows": async (claims) => bearer(await sign(claims, await makeKey("forge/invocation-token/nobody"))),
  "no kid": async (claims, forge) =>
    bearer(await new SignJWT(claims).setProtectedHeader(rs256).sign(forge.key.privateKey)),
  "a key brought along in the header": async (claims) => {
    const own = await makeKey("own");
    return bearer(await sign(claims, own, { jwk: own.jwk }));
  },
  "a key address brought along in the header": async (claims) =>
    bearer(await sign(claims, await makeKey("own"), { jku: "http://127.0.0.1:9/keys", x5u: "http://127.0.0.1:9/keys" })),
  "a critical extension": (claims, forge) => {
    const header = { alg: "RS256", kid: forge.key.kid, crit: ["exp"] };
    return bearer(handmade(header, claims, () => base64url("x".repeat(256))));
  },
  "claims changed after signing": async (claims, forge) => {
    const [head, , signature] = (await forge.token(claims)).split(".");
    return bearer(`${head}.${base64url({ ...claims, principal: "712020:admin" })}.${signature}`);
  },
  "the signature cut off": async (claims, forge) => bearer((await forge.token(claims)).replace(/[^.]*$/, "")),
  "the signature shortened": async (claims, forge) => bearer((await forge.token(claims)).slice(0, -8)),
  "a part too many": async (claims, forge) => bearer(`${await forge.token(claims)}.e30`),
  "a very long token": () => bearer(`${"A".repeat(12_000)}.${"A".repeat(2000)}.AAAA`),
};

const OTHER_UUID = "99999999-9999-4999-8999-999999999999";
const seconds = (claims) => claims.iat;

/** Genuinely signed, wrong in one claim: name → (claims) → claims. For a person's and the platform's tokens alike. */
export const CLAIMS = {
  "another issuer": (claims) => ({ ...claims, iss: "forge/context-token" }),
  "no issuer": ({ iss, ...claims }) => claims,
  "another audience": (claims) => ({ ...claims, aud: `ari:cloud:ecosystem::app/${OTHER_UUID}` }),
  "a list of audiences": (claims) => ({ ...claims, aud: [claims.aud, `ari:cloud:ecosystem::app/${OTHER_UUID}`] }),
  "no audience": ({ aud, ...claims }) => claims,
  "expired a minute ago": (claims) => ({ ...claims, iat: seconds(claims) - 85, nbf: seconds(claims) - 85, exp: seconds(claims) - 60 }),
  "no expiry": ({ exp, ...claims }) => claims,
  "an expiry that is no number": (claims) => ({ ...claims, exp: "never" }),
  "good in a minute only": (claims) => ({ ...claims, nbf: seconds(claims) + 60 }),
  "issued in the future": (claims) => ({ ...claims, iat: seconds(claims) + 60 }),
  "another app": (claims) => within(claims, { id: `ari:cloud:ecosystem::app/${OTHER_UUID}` }),
  "another app's token altogether": (claims) => JSON.parse(JSON.stringify(claims).replaceAll(claims.aud.split("/").at(-1), OTHER_UUID)),
  "no app": ({ app, ...claims }) => claims,
  "two installations": (claims) =>
    within(claims, { installation: { ...claims.app.installation, id: `ari:cloud:ecosystem::installation/${OTHER_UUID}` } }),
  "an API on another host": (claims) => within(claims, { apiBaseUrl: claims.app.apiBaseUrl.replace("127.0.0.1", "127.0.0.2") }),
  "an API on a host that begins alike": (claims) =>
    within(claims, { apiBaseUrl: claims.app.apiBaseUrl.replace(/^(http:\/\/[^/]+)/, "$1.evil.example") }),
  "an API with another user part": (claims) => within(claims, { apiBaseUrl: claims.app.apiBaseUrl.replace("://", "://127.0.0.1@") }),
  "an API of another site": (claims) => within(claims, { apiBaseUrl: claims.app.apiBaseUrl.replace(/[^/]+$/, OTHER_UUID) }),
  "an API with a path that climbs": (claims) => within(claims, { apiBaseUrl: `${claims.app.apiBaseUrl}/../${OTHER_UUID}` }),
  "an installation on another site": (claims) =>
    within(claims, {
      installation: { ...claims.app.installation, contexts: [{ ...claims.app.installation.contexts[0], cloudId: OTHER_UUID }] },
    }),
  "an installation on no site": (claims) => within(claims, { installation: { ...claims.app.installation, contexts: [] } }),
  "an installation on two sites": (claims) => {
    const [one] = claims.app.installation.contexts;
    return within(claims, { installation: { ...claims.app.installation, contexts: [one, { ...one, cloudId: OTHER_UUID }] } });
  },
  "another environment": (claims) =>
    within(claims, { environment: { ...claims.app.environment, id: claims.app.environment.id.replace(/[^/]+$/, OTHER_UUID) } }),
  "another app's environment": (claims) =>
    within(claims, {
      environment: { ...claims.app.environment, id: claims.app.environment.id.replace(/app\/[^/]+|environment\/[^/]+/, `environment/${OTHER_UUID}`) },
    }),
  "a label of Isolated Cloud": (claims) => ({ ...claims, icLabel: "orange" }),
  "an empty label of Isolated Cloud": (claims) => ({ ...claims, icLabel: null }),
  "no id of its own": ({ jti, ...claims }) => claims,
};

/** The same, only in a person's tokens. */
export const CONTEXT = {
  "a context on another site": (claims) => ({ ...claims, context: { ...claims.context, cloudId: OTHER_UUID } }),
  "a context in another environment": (claims) => ({ ...claims, context: { ...claims.context, environmentId: OTHER_UUID } }),
  "two people in one token": (claims) => ({ ...claims, context: { ...claims.context, accountId: "712020:admin" } }),
};

function within(claims, app) {
  return { ...claims, app: { ...claims.app, ...app } };
}
