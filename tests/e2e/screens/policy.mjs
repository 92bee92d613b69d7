// What the edge would answer about the step-up policy, and scenes of the section that shows and edits it.
import { DAY, LONG, OUR_FAULT, ago } from "./data.mjs";

export const POLICY = "/api/settings/policy";
const CHECK = `${POLICY}/check`;
const SET = `${POLICY}/set`;
const WHAT_IF = `${POLICY}/what-if`;

const rule = (id, name, more = {}) => ({
  id,
  name,
  force: "required",
  who: { is: "everyone" },
  actions: ["approve", "reject"],
  demand: { factors: ["totp", "passkey"], fresh: { is: "each-time" } },
  ...more,
});

const RULES = [
  rule("rules", "Changes of the rules", { actions: ["override", "change-workflow", "change-assignment", "change-policy", "reset-factor"] }),
  rule("external", "Partners and guests", {
    who: { is: "external" },
    demand: { factors: ["totp", "passkey", "mail-code"], fresh: { is: "session", minutes: 15 } },
  }),
  rule("pilot", "Pilot of approval tokens", {
    force: "default",
    who: { is: "group", group: "pilot" },
    demand: { factors: ["totp", "passkey"], fresh: { is: "each-time" }, meanings: ["Reviewed.", "Approved for release."] },
  }),
];

/** The policy as the settings are told it. */
export const policy = (rules = RULES, more = {}) => ({
  version: 4,
  newest: 4,
  draft: {
    rules,
    enrolment: { life_days: 30, mail_proof: true },
    people: { managed_domains: ["example.com", "example.org"], external: ["712020:old-supplier"], internal: [] },
    invitations: { workflows: ["customer-release"], days: 14 },
  },
  warnings: [],
  history: [
    { version: 4, at: ago(2 * DAY), by: "712020:admin", by_name: "Sam Carter" },
    { version: 1, at: ago(90 * DAY) },
  ],
  groups: { pilot: "Approval pilot" },
  people: { "712020:old-supplier": "Old Supplier", "712020:admin": "Sam Carter" },
  ...more,
});

const CHANGES = [
  "“Partners and guests” asks for a passkey, an authenticator app or a mailed code, once in 15 minutes; until now for a passkey or an authenticator app, each time.",
  "Managed mail domains: example.org added.",
];
const WARNING = { at: "/rules/2", what: "“Pilot of approval tokens” never counts: other rules ask everybody it means already.", mend: "Move it up, make it required, or remove it." };
const FAULTS = [
  { at: "/rules/1/name", what: "This text is empty.", mend: "Write 1 to 80 characters." },
  { at: "/rules/1/actions", what: "This rule is about no action.", mend: "Choose at least one, or remove the rule." },
  { at: "/rules/1/demand/factors", what: "No kind of factor is chosen.", mend: "Choose at least one: nothing would satisfy this rule." },
  { at: "/rules/1/demand/fresh/minutes", what: "A session of 3 minutes is not possible.", mend: "Write 5 minutes to 43200 (30 days), or ask each time." },
  { at: "/people/managed_domains/0", what: "“nodot” is not a mail domain.", mend: "Write what stands behind the @, such as example.com." },
];
const CONFIRM = {
  confirm: {
    challenge: "c",
    act: "set-policy",
    sentence: "Put this version of the step-up policy in force",
    code_required: true,
    how: { factors: ["totp"], because: ["The site's rule “Changes of the rules” asks everyone for it. No workflow can ask for less."] },
    expires_at: Date.now() + 300_000,
  },
};

const asked = (action, demand, because, ways, approval) => ({ action, demand, because, ways, approval });
const EACH = { factors: ["totp", "passkey"], fresh: { is: "each-time" } };
const ANSWER = {
  title: "Information Security Policy",
  name: "Elena Rossi",
  external: "guest",
  has: [],
  expired: ["totp"],
  asked: [
    asked("approve", { factors: ["totp", "passkey", "mail-code"], fresh: { is: "session", minutes: 15 } }, ["The site's rule “Partners and guests” asks external users for it. You count as one because your account is a guest's. No workflow can ask for less."], ["mail-code"], "Approvers"),
    asked("submit", null, ["No rule asks you for anything here."], []),
    asked("change-policy", EACH, ["The site's rule “Changes of the rules” asks everyone for it. No workflow can ask for less."], []),
  ],
};

/** The scenes; `view` makes one of the settings view. */
export function policies(view, data) {
  const section = (page) => page.getByTestId("section-policy");
  const scene = (state, shows, also, act, more = {}) =>
    view(`policy-${state}`, `the step-up policy: ${shows}`, data.overview(), act, { also: { [POLICY]: policy(), ...also }, ...more });
  const editing = async (page) => {
    await page.getByTestId("policy-edit").click();
    await page.getByTestId("policy-form").waitFor();
  };
  const reviewing = async (page) => {
    await editing(page);
    await page.getByTestId("policy-save").click();
    await page.getByTestId("policy-changes").waitFor();
  };
  const checked = (more = {}) => ({ faults: [], warnings: [], changes: CHANGES, ...more });
  return [
    scene("rules", "its rules", {}, (page) => page.getByTestId("policy-rule").first().waitFor()),
    scene("none", "no rules, and a warning", { [POLICY]: policy([], { warnings: [{ at: "/rules", what: "Not everybody is asked for something who is about to change this policy.", mend: "Add a rule for everyone about it: a stolen session would be enough otherwise." }] }) }, (page) => page.getByTestId("policy-warning").waitFor()),
    scene("error", "it could not be read", { [POLICY]: OUR_FAULT }, (page) => section(page).getByTestId("problem").waitFor()),
    scene("long", "long names", {
      [POLICY]: policy([rule("long", LONG.title.slice(0, 80), { who: { is: "group", group: "g" }, demand: { ...EACH, meanings: [LONG.word, LONG.title] } })], { groups: { g: LONG.word } }),
    }, (page) => page.getByTestId("policy-rule").waitFor()),
    scene("edit", "it is edited", {}, editing),
    scene("faults", "a draft with faults", { [CHECK]: { faults: FAULTS, warnings: [], changes: [] } }, async (page) => {
      await editing(page);
      await page.getByTestId("policy-save").click();
      await page.getByText("This rule is about no action.").waitFor();
    }),
    scene("review", "what changes, with a warning", { [CHECK]: checked({ warnings: [WARNING] }) }, reviewing),
    scene("locks-out", "a draft that would lock the admin out", { [CHECK]: checked({ locks_out: "You could not change the policy again: it would ask you for a passkey, each time, and you have no such factor that counts. Set one up first, or let the rules about changing this policy take one that you have." }) }, reviewing),
    scene("confirm", "it is confirmed", { [CHECK]: checked(), [SET]: CONFIRM }, async (page) => {
      await reviewing(page);
      await page.getByTestId("policy-confirm").click();
      await page.getByTestId("confirming").waitFor();
    }),
    scene("asked", "who would be asked for what", { [WHAT_IF]: ANSWER }, async (page) => {
      await page.getByTestId("policy-ask").locator("summary").click();
      await page.getByTestId("ask-page").fill("98305");
      await page.getByTestId("ask-person").fill("elena");
      await page.getByTestId("policy-ask").getByRole("option").first().click();
      await page.getByTestId("ask-send").click();
      await page.getByTestId("ask-answer").waitFor();
    }, { people: ["Elena Rossi"] }),
  ];
}
