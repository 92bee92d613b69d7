// Scenes of the macro where workflows are larger: several approvals, choices, dates, the end.
import * as data from "./data.mjs";

const { DAY, OPEN, CLOSED, approval, line, may, person, signature } = data;
const ahead = (millis) => Date.now() + millis;
const NAMES = ["Jonas Lindqvist", "Priya Raman", "Sam Carter", "Mira Okafor", "Tom Becker", "Elena Rossi", "Aiko Tanaka", "Lena Vogel"];

/** A chain inside a state, beside a second approval: one is complete, one is open and late, one waits. */
const stages = () => [
  approval({
    id: "technical",
    name: "Technical review",
    mode: "all",
    required: 2,
    standing: "approved",
    groups: [],
    people: [person("Aiko Tanaka", "approve"), person("Priya Raman", "approve")],
    decisions: [
      signature({ name: "Aiko Tanaka", approval: "Technical review", at: data.ago(2 * DAY), comment: "The numbers in section 2 are right." }),
      signature({ name: "Sam Carter", approval: "Technical review", at: data.ago(DAY), for_others: ["Priya Raman"], signed: false }),
    ],
  }),
  approval({
    id: "compliance",
    name: "Compliance",
    mode: { minimum: 2 },
    required: 2,
    due_at: data.ago(5 * 60 * data.MINUTE),
    groups: ["Compliance"],
    roles: ["space-admin"],
    open: true,
    people: [person("Jonas Lindqvist"), person("Tom Becker", "approve"), person("Lena Vogel")],
    decisions: [signature({ name: "Tom Becker", approval: "Compliance", at: data.ago(DAY) })],
  }),
  approval({
    id: "owner",
    name: "Release by the owner",
    standing: "waiting",
    after: ["Technical review", "Compliance"],
    due_at: null,
    groups: [],
    people: [person("Mira Okafor")],
  }),
];

const QUALITY = { name: "Quality management", version: 4 };
const inReview = (more = {}, review = {}) =>
  data.status("review", { workflow: QUALITY, review: data.reviewView({ approvals: stages(), ...review }), history: [], ...more });

const mine = (id, name, more = {}) => ({ approval: id, name, decide: OPEN, changes: false, for_others: [], delegate: false, reassign: false, ...more });
const select = (to, name, more = {}) => ({ to, name, offer: OPEN, comment_required: false, ...more });
const choosing = (more) => ({ ...may.decide, ...more });

/** What somebody may do who is asked twice. */
export const CHOICES = choosing({
  approvals: [
    mine("technical", "Technical review", { decide: { is: "closed", why: "You edited this page since it was last approved." } }),
    mine("compliance", "Compliance", { for_others: ["Lena Vogel"], delegate: true, reassign: true }),
    mine("owner", "Release by the owner"),
  ],
  selects: [
    select("draft", "Withdraw from review"),
    select("retired", "Retire", { offer: { is: "closed", why: "Only administrators of the space may do this." } }),
  ],
});

/** A review with several approvals, for dialogs that open from it. */
export const REVIEW = inReview();

const manyPeople = () => Array.from({ length: 200 }, (_, n) => person(`${NAMES[n % NAMES.length]} ${n + 1}`, n < 9 ? "approve" : null));

const EVERYTHING = [
  line(24, data.ago(DAY), "Sam Carter", { is: "ended" }, 8),
  line(23, data.ago(2 * DAY), "Sam Carter", { is: "moved", workflow: "Content review", version: 2 }, 8),
  line(22, data.ago(2 * DAY), null, { is: "expiry-set", at: ahead(200 * DAY) }, 8),
  line(21, data.ago(3 * DAY), null, { is: "expiry-set", at: null }, 8),
  line(20, data.ago(4 * DAY), null, { is: "entered", state: "Needs review", cause: "expired" }, 8),
  line(19, data.ago(5 * DAY), "Mira Okafor", { is: "selected", name: "Send to archive" }, 8, "It is superseded by the new procedure."),
  line(18, data.ago(6 * DAY), null, { is: "review-due" }, 8),
  line(17, data.ago(6 * DAY), "Jonas Lindqvist", { is: "reassigned", to: "Priya Raman", delegated: true }, 8, "I am away until Monday."),
  line(16, data.ago(7 * DAY), "Sam Carter", { is: "reassigned", to: "Aiko Tanaka", delegated: false }, 8),
  line(15, data.ago(8 * DAY), null, { is: "voided" }, 7),
  line(14, data.ago(9 * DAY), null, { is: "entered", state: "Draft", cause: "edited" }, 8),
];

/** The scenes. */
export function approvals(answering, decided, openHistory) {
  const scene = (state, shows, { status, actions = may.nothing, version = 7, act = decided }) => ({
    state,
    shows,
    module: "approval-macro",
    version,
    act,
    answers: answering(status, actions),
  });
  const opened = async (page) => {
    await openHistory(page);
    for (const more of await page.locator("details.more, details.earlier").all()) await more.locator("summary").click();
  };
  const approved = (more) => data.status("approved", { workflow: QUALITY, approved: data.approvedView(), history: [], ...more });
  const many = inReview({}, {
    approvals: [
      approval({
        name: "Everybody has read it",
        mode: "all",
        required: 200,
        groups: ["all-staff"],
        people: manyPeople(),
        decisions: manyPeople().slice(0, 9).map(({ name }, n) => signature({ name, at: data.ago(n * DAY), comment: null })),
        due_at: ahead(3 * DAY),
      }),
    ],
  });
  return [
    scene("several", "three approvals: one complete, one late, one waiting", { status: inReview(), actions: may.notOwnWork }),
    scene("choices", "asked twice, a way to withdraw, and why other buttons are not there", { status: inReview(), actions: CHOICES }),
    scene("many", "two hundred people asked", { status: many, actions: choosing({ approvals: [mine("approvers", "Everybody has read it")] }) }),
    scene("many-open", "two hundred people asked, every list open", { status: many, act: opened }),
    scene("changing", "a decision that may still be changed", {
      status: inReview({}, { approvals: [approval({ mode: "all", required: 3, people: [person("Jonas Lindqvist", "approve"), person("Priya Raman"), person("Sam Carter")], decisions: [signature()], groups: [] })] }),
      actions: choosing({ approvals: [mine("approvers", "Approvers", { changes: true })] }),
    }),
    scene("majority", "more than half, begun by the clock, with approvals of earlier stages", {
      status: inReview({}, {
        submitted_by: null,
        comment: null,
        approvals: [approval({ mode: "majority", required: 2, due_at: ahead(9 * DAY), groups: [] })],
        earlier: [signature({ approval: "Technical review" }), signature({ name: "Priya Raman", approval: "Legal" })],
      }),
      act: opened,
    }),
    scene("expiring", "approved until a date", { status: approved({ expires_at: ahead(101 * DAY) }) }),
    scene("overdue", "approved, and its review is late", { status: approved({ expires_at: data.ago(2 * DAY) }), actions: { ...may.submit, selects: [select("archived", "Archive")] } }),
    scene("draft-expiring", "a draft that expires", { status: data.status("draft", { workflow: QUALITY, expires_at: ahead(3 * DAY), latest_version: 1, history: [] }), version: 1 }),
    scene("ended", "taken out of the workflow", { status: approved({ ended: true }), actions: { ...may.nothing, submit: CLOSED } }),
    scene("signed-twice", "approved in two stages", {
      status: approved({
        approved: data.approvedView({ signatures: [signature({ approval: "Technical review" }), signature({ name: "Priya Raman", approval: "Compliance", signed: false })] }),
      }),
    }),
    scene("history", "a history of everything that can happen", { status: data.status("draft", { workflow: QUALITY, latest_version: 8, history: EVERYTHING }), version: 8, act: openHistory }),
  ];
}
