// Many pages of a space, signed together.
import assert from "node:assert/strict";
import { AUTHOR } from "./identities.mjs";

const fast = { settle: false };

/** New pages of a space that wait for their review; their ids. */
export async function pagesInReview(site, count, { title = "Together", space } = {}) {
  const pages = [];
  for (let number = 0; number < count; number += 1) {
    const page = await site.sandbox.createPage({ title: `${title} ${number}`, space: space?.id });
    (await site.as(AUTHOR, space ? { space } : {}).on(page).submit({}, fast)).good();
    pages.push(page);
  }
  return pages;
}

/** Somebody at a space's page. */
export const inSpace = (site, who, place) => site.as(who, place).from("approval-space");

/** Picks pages, at the version they have now unless `version` says another. */
export async function pick(site, who, pages, { decision = "approve", meaning, version, place } = {}, options) {
  const items = [];
  for (const page of pages) items.push({ page, page_version: version ?? (await site.sandbox.version(page)) });
  return inSpace(site, who, place).call("/api/bulk/challenge", { decision, items, meaning }, options);
}

/** The list of all these pages: none may be left out. */
export async function listOf(site, who, pages, given) {
  const { list, left_out = [] } = (await pick(site, who, pages, given)).good();
  assert.deepEqual(left_out, []);
  assert.deepEqual(list.items.map((item) => item.listed.page), pages);
  return list;
}

/** What is sent for a list. */
export const about = (list, given = {}) => ({
  challenge: list.challenge,
  items: list.items.map((item) => item.listed),
  decision: "approve",
  comment: "",
  code: "",
  ...given,
});

/** Decides on one page of a list. */
export const decideOne = (site, who, list, index, { place, ...given } = {}, options) =>
  inSpace(site, who, place).call("/api/bulk/decision", about(list, { index, ...given }), options);

/** Decides on all of it, one after another, the code with the first; the answers. */
export async function decideAll(site, who, list, { code, ...given } = {}, options) {
  const answers = [];
  for (const index of list.items.keys()) {
    const sent = index === 0 ? { code: code ?? (await site.as(who).code()) } : {};
    answers.push(await decideOne(site, who, list, index, { ...given, ...sent }, options));
  }
  return answers;
}

/** Verdicts in a page's journal. */
export const decided = async (site, page) => (await site.journal(`page/${page}`)).filter((row) => row.kind === "decided");
