// What the edge would answer about emergency access, and scenes of the section and its dialogs.
import { DAY, LONG, MINUTE, OUR_FAULT, PAGE, ago, approval, asksToConfirm, how, person, refusal, reviewView, status } from "./data.mjs";

const EMERGENCY = "/api/settings/emergency";
const ASK = `${EMERGENCY}/ask`;
const CARRY_OUT = `${EMERGENCY}/carry-out`;
const WITHDRAW = `${EMERGENCY}/withdraw`;
const REASON = "Everybody in Compliance is away until March, and the new rule has to be in force on Monday.";
const SENTENCE = "Ask for emergency access to this page";

/** A request that stands. */
const request = (more = {}) => ({
  seq: 11,
  approval: "legal",
  approval_name: "Legal",
  decision: "approve",
  by: "Sam Carter",
  reason: REASON,
  at: ago(25 * MINUTE),
  until: Date.now() + 7 * DAY,
  ...more,
});

const APPROVALS = [
  approval({ id: "peers", name: "Peer review", standing: "approved", people: [person("Priya Raman", "approve")], groups: [] }),
  approval({ id: "legal", name: "Legal", people: [person("Amara Nwosu"), person("Tom Becker")], groups: [], mode: "all", required: 2 }),
  approval({ id: "release", name: "Release", standing: "waiting", after: ["Legal"], people: [person("Nadia Haddad")], groups: [] }),
];

/** How the page stands; with a request where there is one. */
const stands = (emergency, more = {}) => ({
  title: "Information Security Policy",
  page_version: 7,
  status: status("review", { review: reviewView({ approvals: APPROVALS, ...(emergency ? { emergency } : {}) }) }),
  alone: false,
  own: false,
  ...more,
});

const MOVED = refusal("page-moved", 409, "The page has changed", "The page has changed since: it is now at version 8. Look at it again, and ask then.", { page_version: 8 });
const EXCLUDED = refusal("excluded", 403, "You can't decide on your own work", "You wrote this version, so somebody else has to decide.");
const UNKNOWN = refusal("page-not-found", 404, "The page was not found", "There is no such page, or you may not see it. Check its number.");

/** The scenes; `view` makes one of the settings view. */
export function emergencies(view, data) {
  const looking = async (page, typed = "98305") => {
    await page.getByTestId("emergency-page").fill(typed);
    await page.getByTestId("emergency-look").click();
  };
  const looked = async (page) => {
    await looking(page);
    await page.getByTestId("emergency-shown").waitFor();
  };
  const scene = (state, shows, told, act = looked, also = {}, more = {}) =>
    view(`emergency-${state}`, `emergency access: ${shows}`, data.overview(), act, { also: { [EMERGENCY]: told, ...also }, ...more });
  const asking = async (page) => {
    await looked(page);
    await page.getByTestId("emergency-ask").click();
    await page.getByTestId("emergency-dialog").waitFor();
  };
  const asked = (reason = REASON) => async (page) => {
    await asking(page);
    await page.getByTestId("reason").fill(reason);
    await page.getByTestId("emergency-go").click();
  };
  const opening = (button) => async (page) => {
    await looked(page);
    await page.getByTestId(button).click();
    await page.getByTestId("emergency-dialog").waitFor();
  };
  const problem = (page) => page.getByTestId("dialog").getByTestId("problem").waitFor();
  const long = request({ approval_name: LONG.title, by: LONG.name, reason: LONG.comment });
  return [
    scene("faults", "no page is named", stands(), async (page) => {
      await looking(page, "the security policy");
      await page.locator("#emergency-page-error").filter({ hasText: /\w/ }).waitFor();
    }),
    scene("looking", "the page is being looked at", "never", looking),
    scene("unknown", "there is no such page", UNKNOWN, async (page) => {
      await looking(page);
      await page.getByTestId("section-emergency").getByTestId("problem").waitFor();
    }),
    scene("none", "no review is under way", { ...stands(), status: PAGE.approved }),
    scene("shown", "a review that is stuck", stands()),
    scene("asking", "what shall be decided, and why", stands(), asking),
    scene("asking-alone", "without a second admin, and without a reason yet", stands(undefined, { alone: true }), async (page) => {
      await asked("")(page);
      await page.locator("#comment-error").filter({ hasText: /\w/ }).waitFor();
    }),
    scene("confirm", "asking is confirmed", stands(), async (page) => {
      await asked()(page);
      await page.getByTestId("confirming").waitFor();
    }, { [ASK]: asksToConfirm("ask-override", SENTENCE, how({ factors: ["passkey", "totp", "recovery-code"] })) }),
    scene("moved", "the page was edited meanwhile", stands(), async (page) => {
      await asked()(page);
      await problem(page);
    }, { [ASK]: MOVED }),
    scene("asked", "it was asked for", [stands(), stands(request(), { own: true })], async (page) => {
      await asked()(page);
      await page.getByTestId("emergency-request").waitFor();
    }, { [ASK]: { status: PAGE.review } }),
    scene("own", "one's own request: another admin has to carry it out", stands(request(), { own: true })),
    scene("alone", "one's own request, where there is no other admin", stands(request({ alone_from: Date.now() + DAY - 25 * MINUTE }), { own: true, alone: true })),
    scene("other", "another admin's request", stands(request({ decision: "reject" }))),
    scene("carrying-out", "it is about to be carried out", stands(request()), opening("emergency-carry-out")),
    scene("excluded", "whoever wrote the version may not carry it out", stands(request()), async (page) => {
      await opening("emergency-carry-out")(page);
      await page.getByTestId("emergency-go").click();
      await problem(page);
    }, { [CARRY_OUT]: EXCLUDED }),
    scene("done", "it is carried out", [stands(request()), { ...stands(), status: PAGE.approved }], async (page) => {
      await opening("emergency-carry-out")(page);
      await page.getByTestId("emergency-go").click();
      await page.getByTestId("emergency-done").waitFor();
    }, { [CARRY_OUT]: { status: PAGE.approved } }),
    scene("withdrawing", "it is about to be withdrawn", stands(request()), opening("emergency-withdraw")),
    scene("failed", "withdrawing failed", stands(request()), async (page) => {
      await opening("emergency-withdraw")(page);
      await page.getByTestId("emergency-go").click();
      await problem(page);
    }, { [WITHDRAW]: OUR_FAULT }),
    scene("long", "long names and reasons", stands(long, { title: LONG.title })),
    scene("long-dialog", "the same about to be carried out", stands(long, { title: LONG.title }), opening("emergency-carry-out")),
  ];
}
