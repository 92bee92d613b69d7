// Scenes of the dialogs that name people: submitting with reviewers, asking somebody else, absence; and picking a transition.
import { CHOICES, REVIEW } from "./approvals.mjs";
import * as data from "./data.mjs";
import { factorScenes } from "./factors.mjs";

const { PAGE, may } = data;
const press = (page, id) => page.getByTestId(id).click();
const PEOPLE = ["Priya Raman", "Priyanka Shah", "Elena Priestley"];
const ME = { absence: null, stands_in_for: [], digest: "off", zone: "Europe/Vienna" };
const inDays = (days) => Math.floor(Date.now() / data.DAY) * data.DAY + days * data.DAY - 60 * data.MINUTE;

/** Types a name and waits until the field has said something. */
const search = async (page, field, text) => {
  await page.getByTestId(field).fill(text);
  await page.getByTestId("people-said").filter({ hasText: /found|shown|answer|let you|Nobody/ }).first().waitFor();
};

/** The scenes. */
export function asking(answering, decided) {
  const from = (state, shows, { status = REVIEW, actions = CHOICES, version = 7, button, then = () => {}, answers = {}, ...more }) => ({
    state,
    shows,
    module: "approval-macro",
    version,
    answers: { ...answering(status, actions), ...answers },
    async act(page) {
      await decided(page);
      await press(page, button);
      await page.getByTestId("dialog").waitFor();
      await then(page);
    },
    ...more,
  });
  const submitting = (assign, comment_required = false) => ({ ...may.submit, submitting: { comment_required, assign } });
  const naming = (state, shows, then, more = {}) =>
    from(state, shows, {
      status: PAGE.draft,
      version: 1,
      button: "submit",
      actions: submitting([{ approval: "peers", name: "Peer review", at_least: 2, candidates: [] }], true),
      people: PEOPLE,
      then,
      ...more,
    });
  const candidates = Array.from({ length: 26 }, (_, n) => ({ account: `712020:${n}`, name: `${["Aiko", "Lena", "Tom"][n % 3]} ${String.fromCharCode(65 + n)}.` }));
  const mine = (state, shows, answer, then = (page) => page.getByTestId("mine-dialog").waitFor(), more = {}) =>
    from(state, shows, { status: PAGE.approved, actions: may.nothing, button: "mine", answers: { "/api/me": answer }, then, people: PEOPLE, ...more });
  const reassigning = (state, shows, then, more = {}) => from(state, shows, { button: "reassign", people: PEOPLE, then, ...more });
  const { LONG } = data;
  return [
    naming("naming", "the submitter names reviewers; people are found", (page) => search(page, "reviewers-0", "pri")),
    naming("naming-missing", "submitted without enough reviewers and without the comment", async (page) => {
      await search(page, "reviewers-0", "pri");
      await page.getByRole("option").first().click();
      await press(page, "submit-confirm");
      await page.locator("#comment-error").filter({ hasText: /\w/ }).waitFor();
    }),
    naming("naming-listed", "the submitter names reviewers out of a group", async (page) => {
      await page.getByTestId("reviewers-0").focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
    }, { actions: submitting([{ approval: "peers", name: "Peer review", at_least: 1, candidates }]) }),
    naming("naming-nobody", "nobody is found", (page) => search(page, "reviewers-0", "xy"), { people: [] }),
    naming("naming-error", "Confluence refuses the search", (page) => search(page, "reviewers-0", "pri"), { people: 403 }),
    naming("naming-searching", "Confluence has not answered yet", (page) => page.getByTestId("reviewers-0").fill("pri"), { people: "never" }),
    naming("naming-long", "long names, many chosen", async (page) => {
      for (let n = 0; n < 3; n += 1) {
        await search(page, "reviewers-0", "lo");
        await page.getByRole("option").first().click();
      }
      await search(page, "reviewers-0", "lo");
    }, { people: [LONG.name, LONG.word, "Li", "Elena Rossi"] }),
    from("select", "leaving a state by a button", { button: "select" }),
    from("select-comment", "leaving a state without the comment it asks for", {
      actions: { ...CHOICES, selects: [{ ...CHOICES.selects[0], comment_required: true, name: LONG.title }] },
      button: "select",
      async then(page) {
        await press(page, "select-confirm");
        await page.locator("#comment-error").filter({ hasText: /\w/ }).waitFor();
      },
    }),
    reassigning("reassign", "asking somebody else: nobody chosen yet", (page) => page.getByTestId("reassign-dialog").waitFor()),
    reassigning("reassign-chosen", "asking somebody else: what will happen", async (page) => {
      await search(page, "to", "pri");
      await page.keyboard.press("Enter");
      await page.getByTestId("outcome").filter({ hasText: /\w/ }).waitFor();
    }),
    reassigning("reassign-refused", "somebody who can't be asked", async (page) => {
      await search(page, "to", "pri");
      await page.keyboard.press("Enter");
      await press(page, "reassign-confirm");
      await page.locator("#to-error").filter({ hasText: /\w/ }).waitFor();
    }, { answers: { "/api/reassign": data.refusal("cannot-be-asked", 422, "This person can't be asked", "Priya Raman wrote this version, so somebody else has to decide on it.") } }),
    mine("mine", "absence and mails, nothing set", ME),
    mine("mine-away", "absence and mails, away and standing in for others", {
      ...ME,
      absence: { stand_in: "712020:priya", name: "Priya Raman", from: inDays(3), until: inDays(17) },
      stands_in_for: ["Lena Vogel", "Aiko Tanaka"],
      digest: "weekly",
    }),
    mine("mine-wrong", "an absence that ends before it begins", ME, async (page) => {
      await page.getByTestId("away-from").fill("2030-05-10");
      await page.getByTestId("away-back").fill("2030-05-03");
      await press(page, "mine-save");
      await page.locator("#days-error").filter({ hasText: /\w/ }).waitFor();
    }),
    mine("mine-loading", "absence and mails, not known yet", "never", (page) => page.getByTestId("mine-loading").waitFor()),
    ...factorScenes((state, shows, answers, then) => mine(state, shows, ME, then, { answers: { "/api/me": ME, ...answers } })),
    mine("mine-error", "absence and mails could not be read", data.OUR_FAULT, (page) => page.getByTestId("problem").waitFor()),
  ];
}
