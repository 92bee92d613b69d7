// What the Worker answered, and how tests say what they expect of it.
import assert from "node:assert/strict";

/** What a problem's `type` begins with. */
const TYPE_PREFIX = "urn:countersign:problem:";

export class Answer {
  constructor(status, headers, text) {
    this.status = status;
    this.headers = headers;
    this.text = text;
    try {
      this.body = JSON.parse(text);
    } catch {
      this.body = undefined;
    }
    /** Calls to D1 and KV the Worker made before it answered. */
    this.used = JSON.parse(decodeURIComponent(headers.get("x-test-used") ?? "[]"));
  }

  static async of(response) {
    return new Answer(response.status, response.headers, await response.text());
  }

  /** D1 round trips before the answer, work put off until after it not counted. */
  get roundTrips() {
    return this.used.filter((call) => call.d1 && !call.background);
  }

  /** KV calls before the answer. */
  kv(name) {
    return this.used.filter((call) => call.kv === name && !call.background);
  }

  /** The body of a 200. */
  good() {
    assert.equal(this.status, 200, `expected 200, got ${this.status}: ${this.text}`);
    assert.match(this.headers.get("content-type") ?? "", /^application\/json/);
    return this.body;
  }

  /** The problem this is, which must be of `kind` and travel with `status`. */
  refused(status, kind) {
    assert.equal(this.body?.kind, kind, `expected ${kind}, got ${this.status}: ${this.text}`);
    assert.equal(this.status, status, this.text);
    assert.equal(this.body.type, TYPE_PREFIX + kind);
    assert.equal(this.body.status, status);
    assert.match(this.headers.get("content-type") ?? "", /^application\/(problem\+)?json/);
    for (const part of ["title", "detail"]) {
      assert.ok(typeof this.body[part] === "string" && this.body[part].length > 5, `${part}: ${this.text}`);
    }
    return this.body;
  }
}
