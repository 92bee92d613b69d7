// Scenes of the dialogs: submitting, setting up an authenticator, signing.
import * as data from "./data.mjs";
import { CODES, WHY } from "./factors.mjs";

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

const LONG_MEANING = `${data.LONG.title} ${data.LONG.word}`;
const LONG_WHY = [
  `The site's rule “${data.LONG.title}” asks external users for it. You count as one because your account is a guest's. No workflow can ask for less.`,
  "The workflow asks for it in this approval.",
];

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
    ...confirming(from, signing),
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
    enrolling("codes", "recovery codes, shown once", async (page) => {
      await mailed(page);
      await page.getByTestId("mail-code").fill("K7QF-29XM");
      await press(page, "mail-code-confirm");
      await page.getByTestId("first-code").fill("123456");
      await press(page, "enrol-confirm");
      await page.getByTestId("codes").waitFor();
      await press(page, "codes-done");
      await page.locator("#codes-error").filter({ hasText: /\w/ }).waitFor();
    }, { ...begun, "/api/enrolment/mail-code": SECRET, "/api/enrolment/confirm": { factor: "f1", enrolled_at: Date.now(), recovery_codes: CODES } }),
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

/** What somebody confirms with, what their signature means, and what an earlier confirmation spares. */
function confirming(from, signing) {
  const { how, challenge, MINUTE: minute = 60_000 } = data;
  const why = async (page) => {
    await shown(page);
    await page.getByTestId("why").locator("summary").click();
  };
  const meanings = ["I approve this version for use", "I reviewed this version and found nothing to change", LONG_MEANING];
  const both = how({ factors: ["passkey", "totp"], begins_session: 480 });
  const submitting = { status: PAGE.draft, actions: may.submit, version: 1, button: "submit" };
  return [
    signing("why", "why one is asked", why, "never", challenge({}, how({ because: LONG_WHY }))),
    from("why-all", "why one is asked, all of it", {
      answers: { "/api/challenge": challenge({}, how({ because: LONG_WHY })), "/api/why": { ...WHY, external: undefined, has: [], expired: [], lock: data.locked(), admins: [] } },
      then: async (page) => {
        await why(page);
        await page.getByTestId("why-more").click();
        await page.getByTestId("why-policy").waitFor();
      },
    }),
    signing("meanings", "a choice of meanings", shown, "never", challenge({ meaning: meanings[0] }, how(), meanings)),
    signing("session", "an earlier confirmation stands for this one", shown, "never", challenge({}, how({ factors: [], session_until: Date.now() + 20 * minute }))),
    signing("first-of-a-series", "the first signature of a series: address and code", async (page) => {
      await sign(page);
      await page.getByTestId("identification-error").filter({ hasText: /\w/ }).waitFor();
    }, "never", challenge({}, how({ identification: true, begins_session: 60 }))),
    signing("ways", "a passkey or an authenticator", async (page) => page.getByTestId("ways").waitFor(), "never", challenge({}, both)),
    from("passkey", "waiting for the passkey", {
      answers: { "/api/challenge": challenge({}, both), "/api/passkey/sign": { url: "https://edge.example/hosted#x", expires_at: Date.now() + 5 * minute }, "/api/passkey/proved": { is: "waiting" } },
      then: async (page) => {
        await page.getByTestId("use-passkey").click();
        await page.getByTestId("passkey-waiting").waitFor();
      },
    }),
    from("mailed", "a code was mailed", {
      answers: { "/api/challenge": challenge({}, how({ factors: ["mail-code"] })), "/api/confirm/mail": { sent_to: "j•••@example.com", expires_at: Date.now() + 10 * minute } },
      then: async (page) => {
        await page.getByTestId("mail-me").click();
        await page.getByTestId("mailed").waitFor();
      },
    }),
    from("confirming", "a submission that has to be confirmed", {
      ...submitting,
      answers: { "/api/submit": data.asksToConfirm("submit", "Submit this page for review", how({ begins_session: 60 })) },
      then: async (page) => {
        await page.getByTestId("submit-confirm").click();
        await page.getByTestId("code").waitFor();
      },
    }),
  ];
}
