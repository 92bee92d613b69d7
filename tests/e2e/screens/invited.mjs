// External approvers without an account: what the macro and the settings show of them, and the Worker's own page as they see it.
import * as data from "./data.mjs";

export const INVITED = "/api/invited";
const { DAY, MINUTE, LONG, OPEN, approval, may, person, refusal, signature } = data;
const ahead = (millis) => Date.now() + millis;
const press = (page, id) => page.getByTestId(id).click();

const invitation = (name, more = {}) => ({
  invitation: `i-${name.toLowerCase().replace(/\W+/g, "-")}`,
  name,
  by: "Mira Okafor",
  at: data.ago(2 * DAY),
  until: ahead(12 * DAY),
  state: "asked",
  ...more,
});

const GUESTS = [
  invitation("Elena Rossi", { attachments: ["controls.xlsx"] }),
  invitation("Ingrid Sørensen", { at: data.ago(20 * DAY), until: data.ago(6 * DAY) }),
  invitation("Paul Weber", { state: "abstained", answered_at: data.ago(DAY), reason: "This is not my field; ask Elena." }),
  invitation("Kenji Watanabe", { state: "approved", answered_at: data.ago(DAY) }),
];

const withGuests = (guests = GUESTS) =>
  data.status("review", {
    review: data.reviewView({
      approvals: [
        approval({
          name: "Release to the customer",
          people: [person("Jonas Lindqvist"), person("Priya Raman", "approve")],
          decisions: [
            signature({ name: "Priya Raman", at: data.ago(DAY) }),
            signature({ name: "Kenji Watanabe", at: data.ago(DAY), invited: "mailbox control, no account", comment: "Clear, and what we agreed." }),
          ],
          invited: guests,
        }),
      ],
    }),
    history: [
      data.line(8, data.ago(DAY), "Paul Weber", { is: "abstained" }, 7),
      data.line(7, data.ago(2 * DAY), "Mira Okafor", { is: "invited", person: "Elena Rossi" }, 7),
      data.line(6, data.ago(3 * DAY), "Mira Okafor", { is: "invitation-revoked", person: "Old Contact" }, 7),
    ],
  });

const inviting = (approvals = [{ approval: "approvers", name: "Release to the customer" }]) => ({
  ...may.notOwnWork,
  inviting: { offer: OPEN, approvals, days: 14, revoke: OPEN },
});

const ATTACHMENTS = {
  page_version: 7,
  attachments: [
    { id: "att1", title: "controls.xlsx", size: 48_210 },
    { id: "att2", title: "risk-register-2026.pdf", size: 3_240_000 },
    { id: "att3", title: "recording.mp4", size: 81_000_000, why_not: "It is larger than 25 MB." },
  ],
};

/** Scenes of the macro. */
export function invitedInMacro(answering, decided, openHistory) {
  const scene = (state, shows, status, actions, act = decided) => ({
    state,
    shows,
    module: "approval-macro",
    version: 7,
    act,
    answers: answering(status, actions),
  });
  const long = [invitation(LONG.name, { until: data.ago(DAY) }), invitation(LONG.word, { state: "abstained", answered_at: data.ago(DAY), reason: LONG.comment })];
  return [
    scene("invited", "people without an account were invited: asked, ran out, abstained, approved", withGuests(), inviting()),
    scene("invited-reader", "the same for somebody who may not invite", withGuests(), may.nothing, openHistory),
    scene("invited-long", "long names", withGuests(long), inviting()),
  ];
}

/** Scenes of the dialogs. */
export function invitedInDialogs(answering, decided) {
  const from = (state, shows, then, { answers = {}, actions = inviting(), button = "invite", status = withGuests() } = {}) => ({
    state,
    shows,
    module: "approval-macro",
    version: 7,
    answers: { ...answering(status, actions), "/api/invite/attachments": ATTACHMENTS, ...answers },
    async act(page) {
      await decided(page);
      await page.getByTestId(button).first().click();
      await then(page);
      await page.getByTestId("dialog").waitFor();
    },
  });
  const listed = (page) => page.getByTestId("invite-attachment").first().waitFor();
  const filled = async (page) => {
    await listed(page);
    await page.getByTestId("invite-name").fill("Elena Rossi");
    await page.getByTestId("invite-address").fill("elena@partner.example");
    await page.getByTestId("invite-attachment").first().check();
  };
  const two = inviting([{ approval: "legal", name: "Legal" }, { approval: "approvers", name: "Release to the customer" }]);
  const wrong = refusal("bad-field", 422, "Something needs to be corrected", "This address belongs to your organisation: ask its owner in Confluence.", { field: "address" });
  return [
    from("invite", "inviting somebody without an account: what is disclosed", listed),
    from("invite-filled", "for one of two approvals, an attachment ticked", filled, { actions: two }),
    from("invite-wrong", "an address of the organisation", async (page) => {
      await filled(page);
      await press(page, "invite-confirm");
      await page.locator("#invite-address-error").filter({ hasText: /\w/ }).waitFor();
    }, { answers: { "/api/invite": wrong } }),
    from("invite-confirming", "an invitation that has to be confirmed", async (page) => {
      await filled(page);
      await press(page, "invite-confirm");
      await page.getByTestId("code").waitFor();
    }, { answers: { "/api/invite": data.asksToConfirm("invite", "Invite Elena Rossi (elena@partner.example) to decide on version 7") } }),
    from("invite-moved", "the page was edited meanwhile", (page) => page.getByTestId("invite-moved").waitFor(), {
      answers: { "/api/invite/attachments": { ...ATTACHMENTS, page_version: 8 } },
    }),
    from("invite-revoke", "taking an invitation back", (page) => page.getByTestId("revoke-dialog").waitFor(), { button: "invite-revoke" }),
  ];
}

const PEOPLE = {
  people: [
    { person: "invited:1", name: "Elena Rossi", address: "elena@partner.example", invited_at: data.ago(2 * DAY), invitations: 3, open: 1, factor: true, lock: { is: "until", at: ahead(12 * MINUTE) } },
    { person: "invited:2", name: "Paul Weber", address: "p.weber@audit.example", invited_at: data.ago(9 * DAY), invitations: 1, open: 0, factor: false, lock: { is: "until-unlocked" } },
    { person: "invited:3", invited_at: data.ago(200 * DAY), invitations: 2, open: 0, factor: false, erased_at: data.ago(30 * DAY) },
  ],
  more: true,
};

/** Nobody, for scenes that are about something else. */
export const NOBODY = { people: [], more: false };

/** Scenes of the settings. */
export function invitedInSettings(view) {
  const listed = (page) => page.getByTestId("invited-person").first().waitFor();
  const act = (which) => async (page) => {
    await listed(page);
    await page.getByTestId(`invited-${which}`).first().click();
    await page.getByTestId("act-dialog").waitFor();
  };
  const erase = act("erase");
  return [
    view("invited-people", "people without an account who were invited", data.overview(), listed, { also: { [INVITED]: PEOPLE } }),
    view("invited-unlock", "unlocking one of them", data.overview(), act("unlock"), { also: { [INVITED]: PEOPLE } }),
    view("invited-revoke", "revoking the authenticator of one of them", data.overview(), act("revoke"), { also: { [INVITED]: PEOPLE } }),
    view("invited-erase", "erasing one of them", data.overview(), erase, { also: { [INVITED]: PEOPLE } }),
    view("invited-erase-confirm", "erasing one of them, to be confirmed", data.overview(), async (page) => {
      await erase(page);
      await page.getByTestId("reason").fill("Asked us to, 22 November.");
      await press(page, "act-go");
      await page.getByTestId("code").waitFor();
    }, {
      also: { [INVITED]: PEOPLE, "/api/invited/erase": { confirm: data.asksToConfirm("erase-invited", "Erase Elena Rossi").confirm } },
    }),
  ];
}

const CHANGES_OF_PAGE = `<h1>1 Access</h1><p>Everybody who works with customer data uses a second factor. <strong>No exceptions.</strong></p>
<table><tbody><tr><th>Role</th><th>Access</th></tr><tr><td>Support</td><td>Read, for the ticket's life</td></tr><tr><td>Operations</td><td>All</td></tr></tbody></table>
<p>[image: network.png]</p><h2>1.1 Lost devices</h2><p>They are reported within one hour, at any time of day.</p>`;
const document_ = (inside) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><style>
:root { color-scheme: light dark } body { font: 16px/1.5 system-ui, sans-serif; margin: 24px; max-width: 70ch; overflow-wrap: anywhere }
table { border-collapse: collapse } td, th { border: 1px solid; padding: 4px 8px; text-align: start }</style><title>Document</title></head><body><main>${inside}</main></body></html>`;

const SHOWN = {
  name: "Elena Rossi",
  invited_by: "Mira Okafor",
  title: "Information Security Policy",
  version: 7,
  content_hash: "9f2c4a1be07d5836c1f4e2ab90d7135866f0c3be41a79d20857fe6bb34c1d2a8",
  approval: "Release to the customer",
  comment_on_reject: true,
  attachments: [{ id: "att1", title: "controls.xlsx" }, { id: "att2", title: "risk-register-2026.pdf" }],
  left_out: [{ what: "image", count: 2 }, { what: "macro “children”", count: 1 }],
  own_factor: false,
  until: ahead(12 * DAY),
  visit_until: ahead(29 * MINUTE),
};
const open = (more = {}) => ({ is: "open", shown: { ...SHOWN, ...more } });
const verdict = (more = {}) => ({
  challenge: "opaque",
  decision: "approve",
  title: SHOWN.title,
  version: 7,
  content_hash: SHOWN.content_hash,
  approval: SHOWN.approval,
  meaning: data.MEANING,
  meanings: [data.MEANING],
  comment_required: false,
  how: { factors: ["mail-code"], because: ["Whoever has no account confirms every decision."] },
  expires_at: ahead(50 * MINUTE),
  ...more,
});
const SECRET = { key: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", qr_svg: data.qr(), issuer: "Countersign", account: "Elena Rossi", expires_at: ahead(50 * MINUTE) };
const CODES = Array.from({ length: 10 }, (_, n) => `ABCD-EFGH-JKMN-PQRS-TVWX-YZ0${n}`);

const OPENED = "/api/hosted/invited/open";
const at = (what) => `/api/hosted/invited/${what}`;

/** Scenes of the Worker's own page. */
export function invitedPage() {
  const scene = (state, shows, answers, act, more = {}) => ({
    surface: "invited",
    nearest: false,
    state,
    shows,
    module: "hosted",
    hosted: { hash: "#i.link", document: document_(CHANGES_OF_PAGE) },
    answers,
    act,
    ...more,
  });
  const door = { is: "door" };
  const see = (id) => (page) => page.getByTestId(id).waitFor();
  const sent = { is: "door", code_until: ahead(50 * MINUTE) };
  const typed = async (page) => {
    await page.getByTestId("entry-code").fill("K7QF-29XM");
    await press(page, "enter");
  };
  const reading = (state, shows, act = see("panel-choose"), answers = {}, shown = {}, more = {}) =>
    scene(state, shows, { [OPENED]: open(shown), [at("challenge")]: verdict(), ...answers }, async (page) => {
      await page.getByTestId("invited-reading").waitFor();
      await page.frameLocator('[data-testid="document"]').locator("h1").waitFor({ state: "attached" });
      await act(page);
    }, more);
  const approve = async (page) => {
    await press(page, "invited-approve");
    await page.getByTestId("shown").waitFor();
  };
  const mailed = async (page) => {
    await approve(page);
    await press(page, "mail-me");
    await page.getByTestId("mailed").waitFor();
  };
  const MAILED = { [at("sign-code")]: { sent_to: "e•••@partner.example", expires_at: ahead(50 * MINUTE) } };
  const setUp = async (page) => {
    await press(page, "own-factor-begin");
    await page.getByTestId("enrolment").waitFor();
  };
  const key = async (page) => {
    await setUp(page);
    await press(page, "enrol-begin");
    await page.getByTestId("qr").waitFor();
  };
  const FACTOR = { [at("factor/begin")]: SECRET, [at("factor/confirm")]: { factor: "f1", enrolled_at: Date.now(), recovery_codes: CODES } };
  const wrong = refusal("wrong-code", 422, "The code is wrong", "The code is not the one from the newest mail. Check it, or have another one sent.", { field: "code", tries_left: 3 });
  const over = (detail) => refusal("invitation-over", 410, "This invitation is over", detail);
  return [
    scene("loading", "before the first answer", { [OPENED]: "never" }, see("invited-waiting")),
    scene("door", "before anything is shown: a code is offered", { [OPENED]: door }, see("send-code")),
    scene("door-sent", "the code is asked for", { [OPENED]: sent }, see("entry-code")),
    scene("door-wrong", "the code was wrong", { [OPENED]: sent, [at("enter")]: wrong }, async (page) => {
      await typed(page);
      await page.getByTestId("code-error").filter({ hasText: /\w/ }).waitFor();
    }),
    scene("door-locked", "too many wrong codes", { [OPENED]: sent, [at("enter")]: refusal("locked", 429, "Too many wrong codes", "Codes are refused for a while.", { lock: data.locked() }) }, async (page) => {
      await typed(page);
      await page.getByTestId("locked").waitFor();
    }),
    scene("door-too-many", "codes were asked for too often", { [OPENED]: door, [at("code")]: refusal("too-many", 429, "Too many requests", "Five codes were sent within the hour. Wait until 14:05, or use the newest one.") }, async (page) => {
      await press(page, "send-code");
      await page.getByTestId("problem").waitFor();
    }),
    scene("offline", "the browser has no connection", { [OPENED]: "unreachable" }, see("problem"), { offline: true }),
    scene("over", "revoked, or the page has changed", { [OPENED]: over("The page was changed, so this version is not asked about any more. If you are still needed, you get a new invitation.") }, see("invited-over")),
    reading("reading", "the document and the decision"),
    reading("reading-own-factor", "with an authenticator of one's own, nothing left out", undefined, {}, { own_factor: true, attachments: [], left_out: [] }),
    reading("reading-long", "long names and titles", undefined, {}, {
      title: LONG.title,
      name: LONG.name,
      invited_by: LONG.word,
      approval: LONG.word,
      attachments: Array.from({ length: 12 }, (_, n) => ({ id: `a${n}`, title: n % 2 ? LONG.word : LONG.title })),
      left_out: Array.from({ length: 14 }, (_, n) => ({ what: `macro “${n ? "chart" : LONG.word}-${n}”`, count: n + 1 })),
    }),
    reading("signing", "what is signed, to be confirmed by mail", approve),
    reading("signing-mailed", "the mailed code is asked for", mailed, MAILED),
    reading("signing-own", "meanings to choose from, and one's own authenticator", approve, {
      [at("challenge")]: verdict({ meanings: [data.MEANING, LONG.title], how: { factors: ["totp"], because: ["Whoever has no account confirms every decision."] } }),
    }, { own_factor: true }),
    reading("rejecting", "a rejection without its comment", async (page) => {
      await press(page, "invited-reject");
      await page.getByTestId("shown").waitFor();
      await press(page, "mail-me");
      await page.getByTestId("mailed").waitFor();
      await page.getByTestId("code").fill("K7QF-29XM");
      await press(page, "sign");
      await page.locator("#comment-error").filter({ hasText: /\w/ }).waitFor();
    }, { ...MAILED, [at("challenge")]: verdict({ decision: "reject", meaning: data.MEANING_OF_REJECTION, comment_required: true }) }),
    reading("abstaining", "deciding nothing", async (page) => {
      await press(page, "invited-abstain");
      await page.getByTestId("panel-abstain").waitFor();
    }),
    reading("factor", "setting up an authenticator of one's own", setUp),
    reading("factor-needed", "a mailed code is not enough", async (page) => {
      await press(page, "invited-approve");
      await page.getByTestId("factor-needed").waitFor();
    }, { [at("challenge")]: refusal("no-factor", 422, "You have no authenticator set up", "Set one up first.") }),
    reading("factor-key", "QR code and key", key, FACTOR),
    reading("factor-codes", "recovery codes, shown once", async (page) => {
      await key(page);
      await page.getByTestId("first-code").fill("123456");
      await press(page, "enrol-confirm");
      await page.getByTestId("codes").waitFor();
    }, FACTOR),
    reading("lost", "the answer to the decision was lost", async (page) => {
      await mailed(page);
      await page.getByTestId("code").fill("K7QF-29XM");
      await press(page, "sign");
      await page.getByTestId("problem").waitFor();
    }, { ...MAILED, [at("decision")]: "unreachable" }),
    reading("ended", "revoked while it is read", async (page) => {
      await press(page, "invited-approve");
      await page.getByTestId("invited-over").waitFor();
    }, { [at("challenge")]: over("Mira Okafor took the invitation back.") }),
    scene("answered", "what was recorded", {
      [OPENED]: { is: "answered", answered: { decision: "approve", sentence: "Your approval of version 7 is recorded: mailbox control, no account.", version: 7, at: Date.now() } },
    }, see("invited-answered")),
  ];
}
