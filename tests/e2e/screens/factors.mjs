// Scenes of one's own factors: the list, adding, renewing, removing, recovery codes, "this wasn't me".
import * as data from "./data.mjs";

const { DAY, MINUTE, LONG } = data;
const now = Date.now();
const press = (page, id) => page.getByTestId(id).first().click();

export const CODES = Array.from({ length: 10 }, (_, n) => `${n}K7Q-F29X-M4TB-0ZWE-V6HD-8RG${n}`);

const factor = (id, name, more = {}) => ({
  id,
  factor_kind: "totp",
  name,
  enrolled_at: now - 20 * DAY,
  expires_at: now + 10 * DAY,
  last_used_at: now - 90 * MINUTE,
  stage: "counts",
  ...more,
});
const used = (outcome, what, more = {}) => ({ at: now - 90 * MINUTE, outcome, what, page: null, factor_kind: "totp", factor_name: null, ...more });
const USES = [
  used("confirmed", "Approved version 7", { page: { page: "98305", title: "Information Security Policy" }, factor_name: "Work phone" }),
  used("refused", "A decision on a page", { at: now - 95 * MINUTE }),
  used("confirmed", "Rejected version 2", { at: now - 3 * DAY, page: { page: "98309", title: null } }),
  used("unlocked", "An admin unlocked your codes", { at: now - 5 * DAY, factor_kind: null }),
];
const NOTHING = { factors: [], recovery: null, sessions: [], lock: null, life_days: 30, uses: [] };
const SOME = {
  ...NOTHING,
  factors: [factor("f1", "Work phone"), factor("f2", null, { factor_kind: "passkey", expires_at: null, last_used_at: null })],
  recovery: { left: 9, few: false, made_at: now - 20 * DAY },
  sessions: [{ factor_kind: "totp", began_at: now - 12 * MINUTE, until: now + 48 * MINUTE }],
  uses: USES,
};
const asks = (act, sentence, factors = ["totp"]) => ({
  confirm: {
    challenge: "c",
    act,
    sentence,
    code_required: true,
    how: { factors, because: ["Whoever changes how you confirm has to show first that they are you."] },
    expires_at: now + 300_000,
  },
});

const EVERYONE = "The site's rule “Verdicts and changes of the rules” asks everyone for it. No workflow can ask for less.";
const EXTERNAL = `The site's rule “${LONG.title}” asks external users for it. You count as one because an admin listed your account. No workflow can ask for less.`;
const demand = (factors, fresh = { is: "each-time" }, more = {}) => ({ factors, fresh, meanings: [], part_11: false, ...more });
/** Why somebody is asked, with everything there can be to say. */
export const WHY = {
  version: 7,
  since: now - 12 * DAY,
  on_a_page: true,
  external: "You count as external because an admin listed your account.",
  has: ["passkey"],
  expired: ["totp"],
  asked: [
    { action: "submit", because: ["No rule asks you for anything here."], ways: [] },
    { action: "approve", approval: "Quality", demand: demand(["passkey", "totp"], { is: "session", minutes: 60 }, { part_11: true, meanings: ["Approval", "Review"] }), because: [EVERYONE, "The workflow asks for it in this approval."], ways: ["passkey"] },
    { action: "reject", approval: "Quality", demand: demand(["passkey", "totp"], { is: "session", minutes: 60 }, { part_11: true, meanings: ["Approval", "Review"] }), because: [EVERYONE, "The workflow asks for it in this approval."], ways: ["passkey"] },
    { action: "select", demand: demand(["totp"]), because: [EXTERNAL], ways: [] },
    { action: "reassign", demand: demand(["passkey", "totp", "mail-code"], { is: "session", minutes: 15 }), because: [EVERYONE], ways: ["passkey"] },
    { action: "publish", because: ["No rule asks you for anything here."], ways: [] },
  ],
  admins: ["Sam Carter", "Nadia Haddad"],
};

/** `scene(state, shows, answers, then)` makes one that begins in the person's own settings. */
export function factorScenes(scene) {
  const list = (state, shows, answer, then = () => {}, answers = {}) =>
    scene(state, shows, { "/api/factors": answer, ...answers }, async (page) => {
      await page.getByTestId("mine-dialog").waitFor();
      await press(page, "part-factors");
      await page.getByTestId("factors-dialog").waitFor();
      await then(page);
    });
  const asked = (page) => page.getByTestId("code").waitFor();
  return [
    list("factors", "two ways to confirm, recovery codes, last uses", SOME),
    list("factors-none", "nothing set up yet", NOTHING),
    list("factors-ending", "one ends soon, one has expired, few codes left, codes locked", {
      ...SOME,
      factors: [factor("f1", "Work phone", { stage: "soon", expires_at: now + 3 * DAY }), factor("f2", "Old tablet", { stage: "expired", expires_at: now - 4 * DAY })],
      recovery: { left: 2, few: true, made_at: now - 200 * DAY },
      sessions: [],
      lock: { is: "until-unlocked" },
    }),
    list("factors-long", "long names and titles", {
      ...SOME,
      factors: [factor("f1", LONG.word.repeat(3).slice(0, 60))],
      uses: [used("confirmed", "Approved version 12345", { page: { page: "1", title: LONG.title.repeat(2) }, factor_name: LONG.word.repeat(3).slice(0, 60) })],
    }),
    list("factor-add", "setting up another one: choosing", SOME, async (page) => {
      await press(page, "factor-add");
      await page.getByTestId("enrolment").waitFor();
      await press(page, "kind-passkey");
    }),
    list("factor-add-confirm", "setting up another one: confirmed with what is there", SOME, async (page) => {
      await press(page, "factor-add");
      await press(page, "enrol-begin");
      await asked(page);
    }, { "/api/enrolment/begin": asks("add-factor", "Set up another way to confirm", ["totp", "recovery-code"]) }),
    list("factor-rename", "another name", SOME, async (page) => {
      await press(page, "factor-rename");
      await page.getByTestId("factor-name").waitFor();
    }),
    list("factor-renew", "renewing with its own code", SOME, async (page) => {
      await press(page, "factor-renew");
      await asked(page);
    }, { "/api/factors/renew": asks("renew-factor", "Go on using this authenticator") }),
    list("factor-remove-last", "removing the last one: the warning", { ...SOME, factors: [factor("f1", "Work phone")] }, async (page) => {
      await press(page, "factor-remove");
      await page.getByTestId("last-warning").waitFor();
    }),
    list("codes-new", "new recovery codes, just made", SOME, async (page) => {
      await press(page, "codes-new");
      await page.getByTestId("codes").waitFor();
    }, { "/api/factors/recovery-codes": { done: { codes: CODES } } }),
    list("factors-why", "why one is asked, all of it", SOME, async (page) => {
      await press(page, "factors-why");
      await page.getByTestId("why-policy").waitFor();
    }, { "/api/why": WHY }),
    list("not-me", "this wasn't me", SOME, async (page) => {
      await press(page, "not-me");
      await page.getByTestId("not-me-dialog").waitFor();
    }),
  ];
}
