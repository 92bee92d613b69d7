// A fold, ready to be shown: names looked up, in the shape of `engine::wire::status::PageStatus`.

interface Text {
  text: string;
}
interface Verdict {
  approval: string;
  approval_name: string;
  by: { name: Text };
  decision: string;
  at: number;
  meaning: string;
  signed: boolean;
  comment: Text | null;
  for_others?: string[];
}
interface Line {
  seq: number;
  at: number;
  who: Text | null;
  what: unknown;
  version: number | null;
  comment: Text | null;
}
interface Content {
  version: number;
  content_hash: string;
}
export interface Copy {
  format: number;
  fold: {
    seq: number;
    state: unknown;
    workflow_name: string;
    workflow_version: number;
    expires_at: number | null;
    latest: Content;
    review: { version: number; submitted_by: { name: Text }; submitted_at: number; comment: Text | null; approvals: { id: string; name: string }[]; decisions: Verdict[] } | null;
    approved: (Content & { at: number; signatures: Verdict[] }) | null;
    history: Line[];
  };
  names: Record<string, string>;
}

export function statusOf({ fold, names }: Copy) {
  const name = (text: Text) => names[text.text] ?? "(erased)";
  const optional = (text: Text | null) => (text ? name(text) : null);
  const decision = (verdict: Verdict) => ({
    name: name(verdict.by.name),
    decision: verdict.decision,
    at: verdict.at,
    meaning: verdict.meaning,
    signed: verdict.signed,
    comment: optional(verdict.comment),
    approval: verdict.approval_name,
    ...(verdict.for_others?.length ? { for_others: verdict.for_others } : {}),
  });
  const { approved, review } = fold;
  return {
    seq: fold.seq,
    state: fold.state,
    workflow: { name: fold.workflow_name, version: fold.workflow_version },
    expires_at: fold.expires_at,
    latest_version: fold.latest.version,
    review: review && {
      version: review.version,
      submitted_by: name(review.submitted_by.name),
      submitted_at: review.submitted_at,
      comment: optional(review.comment),
      approvals: review.approvals.map((asked) => ({
        id: asked.id,
        name: asked.name,
        decisions: review.decisions.filter((verdict) => verdict.approval === asked.id).map(decision),
      })),
    },
    approved: approved && { version: approved.version, at: approved.at, signatures: approved.signatures.map(decision) },
    changed_since_approval: approved !== null && approved.content_hash !== fold.latest.content_hash,
    history: fold.history.toReversed().map((line) => ({
      seq: line.seq,
      at: line.at,
      who: optional(line.who),
      what: line.what,
      version: line.version,
      comment: optional(line.comment),
    })),
  };
}
