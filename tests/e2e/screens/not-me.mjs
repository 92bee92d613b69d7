// The Worker's own page, reached from a mail about somebody's factors: "this wasn't me".
import * as data from "./data.mjs";

const ROUTE = "/api/hosted/not-me";
const OVER = data.refusal(
  "link-over",
  410,
  "This link is over",
  "This link is not complete, or older than seven days, so it locks nothing. Open any page with Countersign's panel in Confluence, choose “How I confirm”, then “This wasn't me”; or tell your Confluence admin.",
);

/** The scenes. */
export function notMePage() {
  const scene = (state, shows, answer, waits, more = {}) => ({
    surface: "not-me",
    nearest: false,
    state,
    shows,
    module: "hosted",
    hosted: { hash: "#n.link", document: "" },
    answers: { [ROUTE]: answer },
    async act(page) {
      await page.getByTestId("not-me-lock").waitFor();
      if (!waits) return;
      await page.getByTestId("not-me-lock").click();
      await waits(page);
    },
    ...more,
  });
  const see = (id) => (page) => page.getByTestId(id).waitFor();
  return [
    scene("arrived", "what the button will do", "never"),
    scene("locking", "the press is on its way", "never", (page) => page.locator('[data-busy="true"]').waitFor()),
    scene("locked", "it is locked", { is: "locked" }, see("locked")),
    scene("locked-before", "it was locked before", { is: "locked-before" }, see("locked")),
    scene("used", "the link was used before", { is: "used", at: data.ago(2 * data.DAY) }, see("locked")),
    scene("over", "the link is too old", OVER, see("problem")),
    scene("offline", "the connection was lost", "unreachable", see("problem"), { offline: true }),
  ];
}
