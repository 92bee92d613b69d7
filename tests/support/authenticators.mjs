// The phones of the tests' people. A code is good once and its step must be later than the last, so each phone remembers
// what it gave out, and the Worker's clock is moved on when a later step is needed.
import { STEP_SECONDS, codeOf, stepAt, wrongCode } from "./totp.mjs";

export class Authenticators {
  #phones = new Map();

  constructor(site) {
    this.site = site;
  }

  add(account, key) {
    this.#phones.set(account, { key, given: 0 });
  }

  #phone(account) {
    const phone = this.#phones.get(account);
    if (!phone) throw new Error(`${account} has no authenticator`);
    return phone;
  }

  /** The code of a step, counted from the Worker's current one. */
  at(account, offset) {
    return codeOf(this.#phone(account).key, stepAt(this.site.now()) + offset);
  }

  /** A code of a step later than any given before, good right now. */
  async fresh(account) {
    const phone = this.#phone(account);
    const step = Math.max(stepAt(this.site.now()), phone.given + 1);
    if (step > stepAt(this.site.now())) {
      await this.site.advance(step * STEP_SECONDS * 1000 - this.site.now() + 1000);
    }
    phone.given = step;
    return codeOf(phone.key, step);
  }

  wrong(account, salt) {
    return wrongCode(this.#phone(account).key, stepAt(this.site.now()), salt);
  }

  /** The key a person's phone holds. */
  key(account) {
    return this.#phone(account).key;
  }
}
