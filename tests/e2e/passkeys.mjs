// Chromium's virtual authenticator. It belongs to one tab; what was made in one is carried over into the next, as a phone
// would be.
export class Keyring {
  #credentials = [];

  /** Gives a tab an authenticator that holds what was made so far. `verifies`: whether it knows its owner's finger. */
  async into(page, { verifies = true, present = true } = {}) {
    const session = await page.context().newCDPSession(page);
    await session.send("WebAuthn.enable", { enableUI: false });
    const options = {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: verifies,
      automaticPresenceSimulation: present,
    };
    const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", { options });
    for (const credential of this.#credentials) await session.send("WebAuthn.addCredential", { authenticatorId, credential });
    const keep = async () => {
      this.#credentials = (await session.send("WebAuthn.getCredentials", { authenticatorId })).credentials;
    };
    const verify = (isUserVerified) => session.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified });
    const lose = () => session.send("WebAuthn.clearCredentials", { authenticatorId });
    return { keep, verify, lose };
  }

  /** How many passkeys there are. */
  get size() {
    return this.#credentials.length;
  }

  /** A copy, as it is now. */
  copy() {
    const copy = new Keyring();
    copy.#credentials = structuredClone(this.#credentials);
    return copy;
  }

  forget() {
    this.#credentials = [];
  }
}
