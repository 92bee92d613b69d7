// What a Forge Invocation Token says: the claims of a person's call and of the platform's.
import { randomBytes } from "node:crypto";
import { APP_ARI, ENVIRONMENT, ENVIRONMENT_ARI, SITE, SPACE } from "./identities.mjs";

const MODULE_TYPES = {
  "approval-macro": "xen:macro",
  "approval-byline": "confluence:contentBylineItem",
  "approval-settings": "confluence:globalSettings",
  "approval-space": "confluence:spacePage",
};

/** What both kinds of token have in common. `now` in milliseconds. */
function common({ site = SITE, apiOrigin, module, now }) {
  const seconds = Math.floor(now / 1000);
  const apiBaseUrl = `${apiOrigin}/ex/confluence/${site.cloudId}`;
  return {
    app: {
      id: APP_ARI,
      appVersion: "1.0.0",
      version: "1",
      installationId: site.installation,
      apiBaseUrl,
      environment: { type: "DEVELOPMENT", id: ENVIRONMENT_ARI },
      module,
      installation: { id: site.installation, contexts: [{ name: "confluence", apiBaseUrl, cloudId: site.cloudId }] },
    },
    aud: APP_ARI,
    iss: "forge/invocation-token",
    iat: seconds,
    nbf: seconds,
    exp: seconds + 25,
    jti: randomBytes(20).toString("hex"),
  };
}

/** A person's call from one of our modules. */
export function uiClaims({ person, module = "approval-macro", page, space = SPACE, site = SITE, apiOrigin, now = Date.now() }) {
  const onPage = module === "approval-macro" || module === "approval-byline";
  const extension = { type: onPage ? "macro" : module, isEditing: false, references: [], config: {} };
  if (onPage) extension.content = { id: String(page), type: "page", subtype: null };
  if (onPage || module === "approval-space") extension.space = { key: space.key, id: space.id };
  return {
    ...common({ site, apiOrigin, module: { type: MODULE_TYPES[module] ?? "xen:macro", key: module }, now }),
    context: {
      cloudId: site.cloudId,
      localId: "8b1c9d6e-0000-4000-8000-000000000001",
      moduleKey: module,
      siteUrl: "https://acme.atlassian.net",
      environmentId: ENVIRONMENT,
      environmentType: "DEVELOPMENT",
      accountType: person.accountType,
      accountId: person.account,
      userAccess: { enabled: false, hasAccess: true },
      extension,
    },
    principal: person.account,
  };
}

/** The platform's own call to one of our endpoints. */
export function platformClaims({ endpoint, site = SITE, apiOrigin, now = Date.now() }) {
  return common({ site, apiOrigin, module: { type: "core:endpoint", key: endpoint }, now });
}
