// What attacks on invitations begin with, and how they look when they come to nothing.
import assert from "node:assert/strict";
import { AUTHOR } from "../support/identities.mjs";
import { ANNA, invitedTo } from "../support/invited.mjs";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Eight characters that are not the code. */
export const wrong = (salt) => `ZZZZ-${"0123456789ABCDEFGHJKMNPQRSTVWXYZ"[salt % 32]}ZZZ`;

/** Nothing of the page is in what was answered. */
export function tellsNothing(answer, words = /Annual audit|secret text|First text/) {
  assert.ok(answer.status >= 400, answer.text);
  assert.doesNotMatch(answer.text, words);
  assert.equal(answer.headers.get("set-cookie"), null);
}

/** Everything a visit can ask for, and that none of it gives anything. */
export async function closed(visitor, kind, { attachment = "att1", challenge } = {}) {
  const status = 410;
  for (const answer of [
    await visitor.view(),
    await visitor.challenge(),
    await visitor.abstain(),
    await visitor.beginFactor(),
    ...(challenge ? [await visitor.signCode(challenge), await visitor.decide(challenge, { code: "ABCD-1234" })] : []),
    await visitor.attachment(attachment),
  ]) {
    tellsNothing(answer);
    answer.refused(status, kind);
  }
  const document = await visitor.document();
  tellsNothing(document);
  assert.equal(document.status, status);
}

/** With a site that is `held`. */
export function outside(held) {
  /** Lets the hours pass in which mails are counted, and forgets wrong codes: tests are not about each other. */
  async function afresh() {
    await held.current.advance(HOUR + MINUTE);
    await held.current.sql("DELETE FROM guess");
    await held.current.sql("DELETE FROM mail_asked");
  }
  /** Somebody invited, at the door. */
  const to = async (who = ANNA, more = {}) => {
    await afresh();
    return invitedTo(held.current, who, more);
  };
  /** Somebody invited, in their visit. */
  const inside = async (who, more) => {
    const all = await to(who, more);
    await all.visitor.come();
    return all;
  };
  const answers = async (page) =>
    (await held.current.journal(`page/${page}`)).filter((row) => ["decided", "abstained"].includes(row.kind));
  const failures = async (invitation) =>
    (await held.current.sql("SELECT failures FROM guess WHERE person = ?", invitation.person))[0]?.failures ?? 0;
  const revoke = async (page, invitation) => {
    (await held.current.as(AUTHOR).on(page).call("/api/invite/revoke", { invitation: invitation.id })).good();
    await held.current.drain();
  };
  return { afresh, to, inside, answers, failures, revoke };
}
