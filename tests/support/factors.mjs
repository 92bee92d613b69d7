// What a person does with their own factors: the request that asks, and the same again with what confirms it.
import assert from "node:assert/strict";
import { codeOf, stepAt, STEP_SECONDS } from "./totp.mjs";

/** Sends a request about one's own factors and confirms it with `code`. The answer of the second request. */
export async function confirmed(person, route, body, code) {
  const asked = (await person.call(route, body)).good();
  assert.ok(asked.confirm, `expected to be asked to confirm: ${JSON.stringify(asked)}`);
  return person.call(route, { ...body, confirm: { challenge: asked.confirm.challenge, code } });
}

/** Everything the person sees of their own factors. */
export async function listed(person) {
  return (await person.call("/api/factors")).good();
}

/** Sets up the first authenticator; its key, its id and the recovery codes that came with it. */
export async function first(person, more = {}) {
  const { site, who } = person;
  (await person.call("/api/enrolment/begin", more)).good();
  await site.drain();
  const { key } = (await person.enterMailCode(await person.mailedCode())).good();
  site.authenticators.add(who.account, key);
  const answer = (await person.confirmEnrolment(await person.code())).good();
  await site.drain();
  return { key, ...answer };
}

/** One more authenticator, confirmed with `code` (one of the first authenticator if it is left out). It is not on the person's phone. */
export async function another(person, more = {}, code = undefined) {
  const begun = (await confirmed(person, "/api/enrolment/begin", more, code ?? (await person.code()))).good();
  assert.ok(begun.key, JSON.stringify(begun));
  const answer = (await person.confirmEnrolment(codeNow(person.site, begun.key))).good();
  await person.site.drain();
  return { key: begun.key, ...answer };
}

/** What an authenticator shows now. */
export function codeNow(site, key, offset = 0) {
  return codeOf(key, stepAt(site.now()) + offset);
}

/** Lets the next code come. */
export async function nextStep(site) {
  await site.advance(STEP_SECONDS * 1000);
}

/** Wrong codes in a row, as stored. */
export async function counted(site, who) {
  const [row] = await site.sql("SELECT failures, locked_until, held FROM guess WHERE person = ?", who.account);
  return row ?? { failures: 0, locked_until: 0, held: 0 };
}
