// Who and what the tests are about: the same on every test site.

export const APP = "7c1d5f0a-52b5-4c8f-9a0e-3b1f6a9d2e41";
export const APP_ARI = `ari:cloud:ecosystem::app/${APP}`;
export const ENVIRONMENT = "0e3a9c52-8f4b-4f0d-9b55-6d3c1e7a8f20";
export const ENVIRONMENT_ARI = `ari:cloud:ecosystem::environment/${APP}/${ENVIRONMENT}`;

/** A Confluence site and the app's installation on it. */
const siteOf = (cloudId, installation) => ({
  cloudId,
  installation: `ari:cloud:ecosystem::installation/${installation}`,
  /** What every row and key of it begins with. */
  key: `${cloudId}/${ENVIRONMENT}`,
});
export const SITE = siteOf("a11ce000-1111-4222-8333-444455556666", "5b6f8a10-2c3d-4e5f-8a9b-0c1d2e3f4a5b");
export const OTHER_SITE = siteOf("b0b00000-1111-4222-8333-444455556666", "6c7f9b21-3d4e-4f60-9bac-1d2e3f4a5b6c");

const person = (id, name, email, timeZone, more = {}) =>
  ({ account: `712020:${id}`, name, email, timeZone, accountType: "licensed", ...more });
export const AUTHOR = person("author", "Mira Okafor", "mira@example.com", "Africa/Lagos");
export const JONAS = person("approver-1", "Jonas Lindqvist", "jonas@example.com", "Europe/Stockholm");
export const PRIYA = person("approver-2", "Priya Raman", "priya@example.com", "Asia/Kolkata");
export const VIEWER = person("viewer", "Tom Becker", "tom@example.com", "America/New_York");
export const GUEST = person("guest", "Elena Rossi", "elena@partner.example", "Europe/Rome", { accountType: "unlicensed" });
export const ADMIN = person("admin", "Sam Carter", "sam@example.com", "Europe/London");
/** Administers the space of policies, not Confluence. */
export const SPACE_ADMIN = person("space-admin", "Nadia Haddad", "nadia@example.com", "Asia/Beirut");
export const APP_ACCOUNT = "712020:app-countersign";

export const REVIEWERS = "countersign-approvers";
export const SPACE = { id: "65537", key: "POL", name: "Policies" };
/** The page above all others of the space. */
export const SPACE_HOME = "98304";
export const HANDBOOK = { id: "65538", key: "HB", name: "Handbook" };
export const HANDBOOK_HOME = "98400";
export const POLICY_PAGE = "98305";
export const PROCEDURE_PAGE = "98306";
export const LUNCH_PAGE = "98307";
export const BYLINE_PROPERTY = "countersign-byline";

/** The macro as the editor stores it. */
export const MACRO_STORAGE =
  `<ac:adf-extension><ac:adf-node type="extension"><ac:adf-attribute key="extension-key">${APP}/${ENVIRONMENT}` +
  '/static/approval-macro</ac:adf-attribute><ac:adf-attribute key="extension-type">com.atlassian.ecosystem' +
  "</ac:adf-attribute></ac:adf-node></ac:adf-extension>";
