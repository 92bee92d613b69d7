// What the edge would answer, in the types of the wire: pages in every state, people, entries.

export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

/** What the scenes' times are counted from; in their windows it is about then, however long all of them take. */
export const BEGAN = Date.now();

/** A point in time, this long ago. */
export const ago = (millis) => Date.now() - millis;

export const MEANING = "I have reviewed this version and approve it for use.";
export const MEANING_OF_REJECTION = "I have reviewed this version and do not approve it.";

const STATES = {
  draft: { id: "draft", name: "Draft", colour: "grey", final: false },
  review: { id: "in-review", name: "In Review", colour: "yellow", final: false },
  approved: { id: "approved", name: "Approved", colour: "green", final: true },
};

export const signature = (more = {}) => ({
  name: "Jonas Lindqvist",
  decision: "approve",
  at: ago(3 * DAY),
  meaning: MEANING,
  signed: true,
  comment: null,
  approval: "Approvers",
  ...more,
});

/** Somebody who is asked. */
export const person = (name, decision = null) => ({ account: `712020:${name.toLowerCase().replace(/\W+/g, "-")}`, name, decision });

/** An approval asked for. */
export const approval = (more = {}) => ({
  id: "approvers",
  name: "Approvers",
  mode: "any",
  required: 1,
  standing: "pending",
  after: [],
  due_at: null,
  people: [person("Jonas Lindqvist"), person("Priya Raman"), person("Sam Carter")],
  groups: ["countersign-approvers"],
  roles: [],
  open: false,
  decisions: [],
  ...more,
});

export const line = (seq, at, who, what, version, comment = null) => ({ seq, at, who, what, version, comment });

const HISTORY = [
  line(9, ago(3 * DAY), null, { is: "entered", state: "Approved", cause: "approved" }, 7),
  line(8, ago(3 * DAY), "Jonas Lindqvist", { is: "approved", meaning: MEANING }, 7, "Reads well."),
  line(7, ago(4 * DAY), "Mira Okafor", { is: "submitted" }, 7, "Rule 2 is new."),
  line(6, ago(5 * DAY), "Mira Okafor", { is: "edited" }, 7),
  line(5, ago(9 * DAY), "Priya Raman", { is: "rejected" }, 6, "Say where lost keys are reported."),
  line(1, ago(40 * DAY), null, { is: "started" }, 1),
];

export const approvedView = (more = {}) => ({ version: 7, at: ago(3 * DAY), signatures: [signature({ comment: "Reads well." })], ...more });

export const reviewView = (more = {}) => ({
  version: 7,
  submitted_by: "Mira Okafor",
  submitted_at: ago(50 * MINUTE),
  comment: "Rule 2 is new; the rest only reads better.",
  approvals: [approval()],
  ...more,
});

/** A page's status. */
export const status = (state, more = {}) => ({
  seq: 9,
  state: STATES[state],
  workflow: { name: "Page approval", version: 1 },
  ended: false,
  expires_at: null,
  latest_version: 7,
  review: null,
  approved: null,
  changed_since_approval: false,
  history: HISTORY,
  ...more,
});

export const PAGE = {
  empty: status("draft", { seq: 0, latest_version: null, history: [] }),
  draft: status("draft", { seq: 2, latest_version: 1, history: HISTORY.slice(-1) }),
  review: status("review", { review: reviewView(), history: HISTORY.slice(2) }),
  approved: status("approved", { approved: approvedView() }),
  changed: status("draft", {
    seq: 10,
    latest_version: 8,
    approved: approvedView(),
    changed_since_approval: true,
    history: [line(10, ago(20 * MINUTE), "Mira Okafor", { is: "edited" }, 8), ...HISTORY],
  }),
};

export const OPEN = { is: "open" };
export const CLOSED = { is: "closed", why: null };

/** What a person may do. */
export const may = {
  nothing: { submit: CLOSED, decide: CLOSED, factor: null, lock: null },
  submit: { submit: OPEN, decide: CLOSED, factor: null, lock: null },
  decide: { submit: CLOSED, decide: OPEN, factor: "enrolled", lock: null },
  enrolFirst: { submit: CLOSED, decide: OPEN, factor: "missing", lock: null },
  notOwnWork: {
    submit: CLOSED,
    decide: { is: "closed", why: "Somebody else has to decide: you wrote this version." },
    factor: null,
    lock: null,
  },
};

/** A lock that ends in a while. */
export const locked = () => ({ is: "until", at: Date.now() + 7 * MINUTE });

/** A refusal. */
export const refusal = (kind, code, title, detail, more = {}) => ({
  status: code,
  body: { type: `urn:countersign:problem:${kind}`, kind, title, status: code, detail, ...more },
});

export const OUR_FAULT = refusal(
  "internal",
  500,
  "Something went wrong on our side",
  "Countersign could not do this. Nothing was recorded; try again in a minute.",
);

export const CHANGES = [
  { kind: "removed", text: "Lost devices are reported within one day." },
  { kind: "added", text: "Lost devices are reported within one hour, at any time of day." },
  { kind: "added", text: "Lost keys are reported at the front desk." },
];

/** The site's workflows. */
export const WORKFLOWS = {
  workflows: [
    { id: "page-approval", name: "Page approval", version: 1, standing: "active", pages: 214, pages_behind: 0 },
    { id: "customer-release", name: "Release to customers", version: 3, standing: "active", pages: 12, pages_behind: 0 },
  ],
  templates: [],
};

/** What an approver is shown before signing. */
/** How somebody confirms. */
export const how = (more = {}) => ({ factors: ["totp"], because: ["The site's rule “Verdicts and changes of the rules” asks everyone for it."], ...more });

export const challenge = (more = {}, confirming = how(), meanings = [MEANING]) => ({
  challenge: "opaque",
  shown: {
    decision: "approve",
    title: "Information Security Policy",
    version: 7,
    content_hash: "9f2c4a1be07d5836c1f4e2ab90d7135866f0c3be41a79d20857fe6bb34c1d2a8",
    approval: "Approvers",
    meaning: MEANING,
    comment_required: false,
    changes: { is: "first-approval" },
    ...more,
  },
  meanings,
  code_required: confirming.factors.length > 0,
  how: confirming,
  expires_at: Date.now() + 5 * MINUTE,
});

/** Asks for a confirmation of something other than a verdict. */
export const asksToConfirm = (act, sentence, confirming = how()) => ({
  confirm: {
    challenge: "opaque", act, sentence, code_required: confirming.factors.length > 0, how: confirming,
    expires_at: Date.now() + 5 * MINUTE,
  },
});

export const rejecting = () => challenge({ decision: "reject", meaning: MEANING_OF_REJECTION, comment_required: true, changes: { is: "since", version: 6, changes: CHANGES, cut: false } });

const WORKFLOW = {
  format: 1,
  id: "page-approval",
  name: "Page approval",
  description: "A page is written, reviewed by people who did not write it, and approved version by version.",
  states: [
    { id: "draft", name: "Draft", colour: "grey", initial: true, transitions: { submit: { to: "in-review" } } },
    {
      id: "in-review",
      name: "In Review",
      colour: "yellow",
      approvals: [
        {
          id: "approvers",
          name: "Approvers",
          reviewers: { groups: ["countersign-approvers"] },
          mode: "any",
          exclude: ["last-editor", "submitter"],
          meaning: MEANING,
          meaning_of_rejection: MEANING_OF_REJECTION,
          comment_on_reject: true,
        },
      ],
      transitions: { approved: "approved", rejected: "draft", updated: { to: "draft" } },
    },
    { id: "approved", name: "Approved", colour: "green", final: true, transitions: { updated: { to: "draft" } } },
  ],
};

/** Everything the settings view shows. */
export const overview = (more = {}) => ({
  workflow: { version: 1, since: ago(40 * DAY), definition: WORKFLOW },
  policy: { version: 1, rules: [] },
  failed_effects: [],
  installation: { last_heard_at: ago(12 * MINUTE), token_until: Date.now() + 170 * MINUTE, unreachable: false },
  ...more,
});

export const FAILED = [
  {
    id: 17,
    what: "Refresh the byline of page 98305",
    why: "Confluence refused Countersign. Check that the app is installed and its permissions are approved.",
    attempts: 8,
    last_tried_at: ago(25 * MINUTE),
  },
  { id: 21, what: "Mail the notice of a lock to its owner", why: "The mail provider refused the mail.", attempts: 1, last_tried_at: ago(3 * MINUTE) },
];

/** A page in the list of a space. */
export const spacePage = (page, title, state, more = {}) => ({
  page,
  title,
  state: STATES[state],
  latest_version: 7,
  approved_version: null,
  changed_since_approval: false,
  waits_for_me: false,
  entered_at: ago(2 * DAY),
  ...more,
});

/** A QR code as good as any for a picture: three corners and noise. */
export function qr() {
  let cells = "";
  for (let y = 0; y < 29; y += 1) {
    for (let x = 0; x < 29; x += 1) {
      const corner = (x < 8 || x > 20) && y < 8 || x < 8 && y > 20;
      if (!corner && (x * 7 + y * 13 + ((x * y) % 5)) % 3 === 0) cells += `M${x + 2} ${y + 2}h1v1h-1z`;
    }
  }
  for (const [x, y] of [[2, 2], [24, 2], [2, 24]]) cells += `M${x} ${y}h7v7h-7zm1 1v5h5v-5zm1 1h3v3h-3z`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 33 33" width="264" height="264" shape-rendering="crispEdges"><rect width="33" height="33" fill="#fff"/><path fill="#000" fill-rule="evenodd" d="${cells}"/></svg>`;
}

/** Text as long as people and their tools make it. */
export const LONG = {
  word: "Verfahrensdokumentationsverantwortlichkeitsübertragungserklärungsformular",
  name: "Maximiliane Konstantinopolitanski-Freifrau von Hohenstaufen-Wertheim zu Löwenstein",
  title: "Procedure for the handling, storage, transport and disposal of confidential information on paper and on removable media (all sites, including warehouses)",
  comment: `${"Please read the third section with particular care, for it was rewritten after the incident in May. ".repeat(6)}\nhttps://example.com/${"a-very-long-path/".repeat(9)}`,
};

/** A key of the Worker, as the settings tell of it. */
export const key = (id, standing, more = {}) => ({
  id,
  check: "07d56095",
  standing,
  sealed: 0,
  mailed_codes: 0,
  recovery_codes: 0,
  removal: { is: "in-use" },
  ...more,
});

/** Under which keys the site's secrets are. */
export const keys = (change = {}) => ({
  keys: [key("2025-11-01", "newest", { sealed: 485 })],
  rotation: { state: "done", total: 0, left: 0, newest_since: ago(30 * 24 * 3600_000), ended_at: ago(3600_000) },
  unreadable: 0,
  ...change,
});
