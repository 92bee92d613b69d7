// What an approval by the only reviewer who is needed leaves behind: two entries, the texts they refer to, the new fold.
import type { Bound } from "./challenge.ts";
import { hex } from "./hex.ts";

export interface Entry {
  seq: number;
  kind: string;
  entry: string;
  leaf: string;
}
export interface Text {
  id: string;
  salt: string;
  body: string;
}
export interface Outcome {
  bound: Bound;
  challenge: string;
  factor: string;
  step: number;
  at: number;
  /** Of the decision itself. */
  seq: number;
  entries: Entry[];
  texts: Text[];
  fold: any;
}

interface Given {
  bound: Bound;
  fold: any;
  factor: string;
  step: number;
  challenge: string;
  comment: string;
  name: string;
  now: number;
}

const encode = (text: string) => new TextEncoder().encode(text);
const sha256 = async (bytes: Uint8Array) => hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
const random = (count: number) => crypto.getRandomValues(new Uint8Array(count));

/** An id as long as the edge's. */
const id = () => btoa(String.fromCharCode(...random(16))).replace(/\+/g, "-").replace(/\//g, "_").slice(0, 22);

async function erasable(body: string): Promise<{ text: Text; reference: { text: string; commitment: string } }> {
  const text = { id: id(), salt: hex(random(16)), body };
  return { text, reference: { text: text.id, commitment: await sha256(encode(`${text.salt}\n${body}`)) } };
}

/** Members in order, as RFC 8785 writes them; texts and integers only. */
function canonical(value: any): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

async function sealed(bound: Bound, seq: number, at: number, event: { kind: string }): Promise<Entry> {
  const actor = { is: "person", account: bound.account };
  const entry = canonical({ v: 1, site: bound.site, stream: `page/${bound.page}`, at, actor, event });
  const bytes = encode(entry);
  const prefixed = new Uint8Array(bytes.length + 1);
  prefixed.set(bytes, 1);
  return { seq, kind: event.kind, entry, leaf: await sha256(prefixed) };
}

export async function approved({ bound, fold, factor, step, challenge, comment, name, now }: Given): Promise<Outcome> {
  const [who, why] = await Promise.all([erasable(name), erasable(comment)]);
  const seq = fold.seq + 1;
  const by = { account: bound.account, name: who.reference };
  const digest = await sha256(encode(challenge));
  const content_hash = fold.review.content_hash;
  const proof = { challenge: digest, policy_version: bound.policy_version, factor: { factor, kind: "totp", step } };
  const decided = {
    kind: "decided", approval: bound.approval, by, comment: why.reference, content_hash, decision: bound.decision,
    meaning: bound.meaning, proof, state_seq: bound.state_seq, version: bound.version,
  };
  const state = { id: "approved", name: "Approved", colour: "green", final: true };
  const entries = await Promise.all([
    sealed(bound, seq, now, decided),
    sealed(bound, seq + 1, now, { kind: "state-entered", cause: "approved", state } as { kind: string }),
  ]);
  const [approval] = fold.review.approvals;
  const verdict = {
    seq, approval: approval.id, approval_name: approval.name, decision: bound.decision, by, for_self: true, at: now,
    meaning: bound.meaning, comment: why.reference, signed: true,
  };
  const next = {
    ...fold, seq: seq + 1, state, state_seq: seq + 1, entered_at: now, previous: fold.state.id, editors: [], review: null,
    approved: { version: bound.version, content_hash, at: now, signatures: [verdict], written_by: fold.review.contributors },
    history: [
      ...fold.history,
      { seq, at: now, who: who.reference, what: { is: "approved", meaning: bound.meaning }, version: bound.version, comment: why.reference },
      { seq: seq + 1, at: now, who: null, what: { is: "entered", state: state.name, cause: "approved" }, version: null, comment: null },
    ],
  };
  return { bound, challenge: digest, factor, step, at: now, seq, entries, texts: [who.text, why.text], fold: next };
}
