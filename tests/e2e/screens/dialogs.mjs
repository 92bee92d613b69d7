// Scenes of the dialogs: submitting, setting up an authenticator, signing.
import * as data from "./data.mjs";

/** How long a dialog shows that something was recorded before it closes by itself. */
const CONFIRMATION = 2500;

const { PAGE, may } = data;
const WRONG = data.refusal(
  "wrong-code",
  422,
  "The code is wrong",
  "The code is not right. Enter the one your authenticator shows now, and check that your phone's clock is set automatically.",
  { field: "code", tries_left: 3 },
);
const LOCKED = () => data.refusal("locked", 429, "Too many wrong codes", "Your codes are not accepted for a while.", { lock: data.locked() });
const MOVED = data.refusal(
  "page-moved",
  409,
  "The page has changed",
  "The page has changed since: it is now at version 8. Reload it, read it again, and decide then.",
  { page_version: 8 },
);
const EXPIRED = data.refusal("challenge-expired", 410, "The confirmation took too long", "Ask for a new one; your comment is kept.");
const DONE = { seq: 10, at: Date.now(), repeated: false, status: PAGE.approved };
const SECRET = {
  key: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
  qr_svg: data.qr(),
  issuer: "Countersign",
  account: "jonas@example.com",
  expires_at: Date.now() + 900_000,
};

const press = (page, id) => page.getByTestId(id).click();
const shown = (page) => page.getByTestId("shown").waitFor();
const sign = async (page, comment = "Checked against the audit's findings.") => {
  await shown(page);
  await page.getByTestId("comment").fill(comment);
  await page.getByTestId("code").fill("287082");
  await press(page, "sign");
};

/** The scenes. `answering` and `decided` are the macro's, which the dialogs open from. */
export function dialogs(answering, decided) {
  const from = (state, shows, { status = PAGE.review, actions = may.decide, version = 7, button = "approve", then, answers = {}, ...more }) => ({
    state,
    shows,
    module: "approval-macro",
    version,
    answers: { ...answering(status, actions), ...answers },
    async act(page) {
      await decided(page);
      await press(page, button);
      await then(page);
      await page.getByTestId("dialog").waitFor();
    },
    ...more,
  });
  const signing = (state, shows, then, decision, challenge = data.challenge(), more = {}) =>
    from(state, shows, { then, answers: { "/api/challenge": challenge, "/api/decision": decision }, ...more });
  const since = data.challenge({ version: 8, changes: { is: "since", version: 7, changes: data.CHANGES, cut: false } });
  const enrolling = (state, shows, then, answers, more) => from(state, shows, { actions: may.enrolFirst, then, answers, ...more });
  const begun = { "/api/enrolment/begin": { sent_to: "j••••@example.com", expires_at: Date.now() + 600_000 } };
  const mailed = async (page) => {
    await press(page, "enrol-begin");
    await page.getByTestId("mail-code").waitFor();
  };
  const { LONG } = data;
  const longChanges = Array.from({ length: 12 }, (_, n) => ({ kind: n % 2 ? "added" : "removed", text: n % 3 ? LONG.title : LONG.word.repeat(2) }));
  return [
    from("loading", "fetching what is about to be signed", { answers: { "/api/challenge": "never" }, then: (page) => page.getByTestId("preparing").waitFor() }),
    enrolling("empty", "no authenticator yet: the first step of setting one up", (page) => page.getByTestId("enrolment").waitFor(), {}, { nearest: true }),
    signing("error", "the code was wrong", async (page) => {
      await sign(page);
      await page.getByTestId("code-error").filter({ hasText: /\w/ }).waitFor();
    }, WRONG),
    signing("offline", "the connection was lost while signing", async (page) => {
      await sign(page);
      await page.getByTestId("problem").waitFor();
    }, "unreachable", data.challenge(), { offline: true }),
    from("draft", "submitting a draft", {
      status: PAGE.draft,
      actions: may.submit,
      version: 1,
      button: "submit",
      then: (page) => page.getByTestId("comment").fill("Rule 2 is new; the rest only reads better."),
    }),
    signing("review", "what is about to be signed: a first approval", shown, "never"),
    signing("approved", "the approval is recorded", async (page) => {
      await sign(page);
      await page.getByTestId("recorded").waitFor();
    }, DONE, data.challenge(), { freeze: CONFIRMATION }),
    signing("changed", "what is about to be signed, with what changed since the last approval", shown, "never", since, { status: PAGE.review, version: 8 }),
    signing("locked", "too many wrong codes", async (page) => {
      await sign(page);
      await page.getByTestId("locked").first().waitFor();
    }, LOCKED()),
    signing("reject", "a rejection without its comment", async (page) => {
      await sign(page, "");
      await page.locator("#comment-error").filter({ hasText: /\w/ }).waitFor();
    }, "never", data.rejecting(), { button: "reject" }),
    signing("moved", "the page was edited in the meantime", async (page) => {
      await sign(page);
      await page.getByTestId("problem").waitFor();
    }, MOVED),
    signing("expired", "it took too long", async (page) => {
      await sign(page);
      await page.getByTestId("problem").waitFor();
    }, EXPIRED),
    signing("signing", "the code is being checked", async (page) => {
      await sign(page);
      await page.locator('[data-testid="sign"][aria-disabled="true"]').waitFor();
    }, "never"),
    signing("unknown-changes", "what changed could not be learned", shown, "never", data.challenge({
      changes: { is: "unknown", version: 6, reason: "Version 6 was deleted from the page's history." },
    })),
    enrolling("mail-code", "the mailed code is asked for", mailed, begun),
    enrolling("key", "QR code and key", async (page) => {
      await mailed(page);
      await page.getByTestId("mail-code").fill("K7QF-29XM");
      await press(page, "mail-code-confirm");
      await page.getByTestId("qr").waitFor();
    }, { ...begun, "/api/enrolment/mail-code": SECRET }),
    signing("long", "a long title, long changes, a comment too long", async (page) => {
      await shown(page);
      await page.getByTestId("comment").fill(LONG.comment.repeat(9));
      await press(page, "sign");
      await page.locator("#comment-error").filter({ hasText: /\w/ }).waitFor();
    }, "never", data.challenge({
      title: LONG.title,
      version: 12_345,
      meaning: `${data.MEANING} ${LONG.comment}`,
      changes: { is: "since", version: 12_001, changes: longChanges, cut: true },
    })),
  ];
}
