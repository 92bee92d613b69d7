// What the edge answers, and how it is asked.
import { invokeRemote, requestConfluence, view } from "@forge/bridge";

export interface Signature {
  name: string;
  decision: "approve" | "reject";
  at: number;
  meaning: string;
  signed: boolean;
  comment: string | null;
}

export interface HistoryItem {
  seq: number;
  at: number;
  who: string | null;
  what: { is: "started" | "submitted" | "approved" | "rejected" | "edited" | "entered" | "voided"; meaning?: string; state?: string };
  version: number | null;
  comment: string | null;
}

export interface Approval {
  id: string;
  name: string;
  required: number;
  decisions: Signature[];
}

export interface Status {
  seq: number;
  state: { id: string; name: string; colour: "grey" | "blue" | "green" | "yellow" | "red" | "purple"; final: boolean };
  workflow: { name: string; version: number };
  latest_version: number | null;
  review: { version: number; submitted_by: string; submitted_at: number; comment: string | null; approvals: Approval[] } | null;
  approved: { version: number; at: number; signatures: Signature[] } | null;
  changed_since_approval: boolean;
  history: HistoryItem[];
}

export type VersionNow = { is: "known"; version: number } | { is: "ask-bridge" } | { is: "unknown"; reason: string };
export type Offer = { is: "open" } | { is: "closed"; why: string | null };

export interface StatusAnswer {
  status: Status;
  source: "copy" | "journal";
}
export interface ConfirmAnswer {
  status: Status;
  page_version: VersionNow;
}
export interface Actions {
  submit: Offer;
  decide: Offer;
  factor: "missing" | "enrolled" | null;
  lock: unknown;
}

export class Refused extends Error {}

async function ask<Answer>(path: string): Promise<Answer> {
  const answer = (await invokeRemote({ path, method: "POST", headers: { "content-type": "application/json" }, body: {} })) as {
    status: number;
    body: Answer & { detail?: string };
  };
  if (answer.status < 200 || answer.status >= 300) throw new Refused(answer.body.detail ?? "Something went wrong.");
  return answer.body;
}

export const status = () => ask<StatusAnswer>("/api/status");
export const confirm = () => ask<ConfirmAnswer>("/api/confirm");
export const actions = () => ask<Actions>("/api/actions");

export interface Place {
  locale?: string;
  timezone?: string;
  page: string;
}

export async function place(): Promise<Place> {
  const context = await view.getContext();
  const content = (context.extension as { content?: { id?: string } }).content;
  return { locale: context.locale, timezone: context.timezone, page: content?.id ?? "" };
}

export async function pageVersion(page: string): Promise<number> {
  const answer = await requestConfluence(`/wiki/api/v2/pages/${page}`, { headers: { accept: "application/json" } });
  if (!answer.ok) throw new Refused("Confluence does not let you see this page's version.");
  return ((await answer.json()) as { version: { number: number } }).version.number;
}
