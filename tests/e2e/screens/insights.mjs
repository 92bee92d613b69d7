// What the edge would answer about everybody's factors, and scenes of the section that shows them.
import { DAY, LONG, MINUTE, ago, locked } from "./data.mjs";

export const INSIGHTS = "/api/settings/insights";
const PERSON = `${INSIGHTS}/person`;

const factor = (more = {}) => ({
  id: "f1",
  factor_kind: "totp",
  name: "Phone",
  enrolled_at: ago(20 * DAY),
  expires_at: Date.now() + 10 * DAY,
  last_used_at: ago(3 * DAY),
  stage: "counts",
  ...more,
});

/** Somebody in the list. */
export const person = (name, more = {}) => ({
  account: `712020:${name.toLowerCase().replace(/\W+/g, "-")}`,
  name,
  external: null,
  asked: ["workflow"],
  standing: "enrolled",
  lock: null,
  factors: [factor()],
  recovery_left: 9,
  last_use: ago(3 * DAY),
  last_seen: ago(2 * DAY),
  failures: 0,
  failures_of_late: 1,
  reminded_at: null,
  ...more,
});

const without = (standing, more = {}) => ({ standing, factors: [], recovery_left: 0, last_use: null, last_seen: null, failures_of_late: 0, ...more });

/** A site's people, each in another state. */
export const people = () => [
  person("Jonas Lindqvist", { asked: ["waiting", "decided", "workflow"], factors: [factor(), factor({ id: "f2", factor_kind: "passkey", name: null, expires_at: null })] }),
  person("Priya Raman", without("never-enrolled", { reminded_at: ago(3 * 60 * MINUTE) })),
  person("Sam Carter", { standing: "expires-soon", factors: [factor({ stage: "soon", expires_at: Date.now() + 3 * DAY })] }),
  person("Elena Rossi", { external: "guest", ...without("mailbox-only") }),
  person("Amara Nwosu", { external: "unmanaged-domain", standing: "expired", factors: [factor({ stage: "expired", expires_at: ago(4 * DAY) })] }),
  person("Nadia Haddad", without("ended", { lock: { is: "until-unlocked" }, failures: 50, failures_of_late: 63, last_seen: ago(MINUTE) })),
  person("Tom Becker", { asked: [], lock: locked(), failures: 8, failures_of_late: 8 }),
];

export const told = (list, more = {}) => ({
  people: list,
  looked_at: list.length,
  total: list.length,
  departed: 0,
  next: null,
  cut: [],
  told: true,
  life_days: 30,
  now: Date.now(),
  ...more,
});

/** Many people, for a list of several pages. */
const many = () => Array.from({ length: 60 }, (_, number) => person(`Reviewer ${String(number + 1).padStart(2, "0")}`, number % 7 === 0 ? without("never-enrolled") : {}));

const rows = (page) => page.getByTestId("person").first().waitFor();

/** The scenes; `view` makes one of the settings view. */
export function insights(view, data) {
  const scene = (state, shows, answer, act = rows, more = {}) =>
    view(`insights-${state}`, `everybody's factors: ${shows}`, data.overview(), act, { ...more, also: { [INSIGHTS]: answer, ...more.also } });
  const opened = (then) => async (page) => {
    await rows(page);
    await page.getByTestId("person-open").first().click();
    await page.getByTestId("person-dialog").waitFor();
    await then?.(page);
  };
  const confirm = {
    confirm: {
      challenge: "opaque",
      act: "revoke-factors",
      sentence: "Take this person's authenticators away",
      code_required: true,
      how: { factors: ["totp"] },
      expires_at: Date.now() + 300_000,
    },
  };
  const revoking = opened(async (page) => {
    await page.getByTestId("care-revoke").first().click();
    await page.getByTestId("reason").fill("She called: the phone was stolen on the train.");
  });
  return [
    scene("loading", "before the first answer", "never", (page) => page.getByTestId("insights-loading").waitFor()),
    scene("empty", "nobody is asked yet", told([]), (page) => page.getByTestId("insights-empty").waitFor()),
    scene("error", "the list could not be read", data.OUR_FAULT, (page) => page.locator(".insights [data-testid=problem]").waitFor()),
    scene("everybody", "people in every state", told(people(), { departed: 2 })),
    scene("untold", "Confluence can't be asked", told(people().map((one) => ({ ...one, name: one.account, external: null })), { told: false, cut: ["g"] })),
    scene("progress", "half of a long list is there", [told(many().slice(0, 30), { total: 60, next: "x", looked_at: 30 }), "never"], async (page) => {
      await rows(page);
      await page.getByTestId("insights-progress").waitFor();
    }),
    scene("filtered", "a filter from a tile, on several pages", told(many()), async (page) => {
      await rows(page);
      await page.getByTestId("page-next").click();
      await page.getByTestId("insights-text").fill("reviewer");
    }),
    scene("nobody-fits", "a filter nobody fits", told(people()), async (page) => {
      await rows(page);
      await page.getByTestId("insights-text").fill("zzz");
      await page.getByTestId("insights-empty").waitFor();
    }),
    scene("remind", "before reminders are sent", told(people()), async (page) => {
      await rows(page);
      await page.getByTestId("remind").getByTestId("remind").click();
      await page.getByTestId("remind-ask").waitFor();
    }),
    scene("person", "one person", told([person("Jonas Lindqvist", { ...people()[0], lock: locked(), failures: 5 })]), opened()),
    scene("life", "setting an expiry", told(people().slice(0, 1)), opened(async (page) => {
      await page.getByTestId("care-life").first().click();
      await page.getByTestId("care-go").click();
      await page.getByTestId("reason").fill("On parental leave until March.");
      await page.getByTestId("care-go").click();
      await page.getByTestId("until-error").getByText("Choose").waitFor();
    })),
    scene("confirm", "confirming a revocation", told(people().slice(0, 1)), async (page) => {
      await revoking(page);
      await page.getByTestId("care-go").click();
      await page.getByTestId("code").waitFor();
    }, { also: { [`${INSIGHTS}/revoke`]: confirm, [PERSON]: { person: null } } }),
    scene("long", "long names", told([
      person(LONG.name, { asked: ["waiting", "decided", "asked", "workflow"], lock: { is: "until-unlocked" }, failures: 50, failures_of_late: 1234 }),
      person(LONG.word, { external: "unmanaged-domain", factors: [factor({ name: LONG.title }), factor({ id: "f2", factor_kind: "passkey" })] }),
    ])),
  ];
}
