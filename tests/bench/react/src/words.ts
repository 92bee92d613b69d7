// What the status says, in sentences.
import type { HistoryItem, Status } from "./wire";

export function list(names: string[]): string {
  const each = [...new Set(names)];
  return each.length < 2 ? each.join("") : `${each.slice(0, -1).join(", ")} and ${each.at(-1)}`;
}

export function approvedLine({ approved }: Status): string {
  if (!approved) return "No version of this page has been approved yet.";
  const by = list(approved.signatures.map((one) => one.name));
  return by === "" ? `Version ${approved.version} approved` : `Version ${approved.version} approved by ${by}`;
}

export function happened(item: HistoryItem): string {
  const version = item.version === null ? "the page" : `version ${item.version}`;
  const by = (verb: string) => (item.who === null ? `${version[0].toUpperCase()}${version.slice(1)} was ${verb}` : `${item.who} ${verb} ${version}`);
  switch (item.what.is) {
    case "started":
      return "The page came under this workflow";
    case "submitted":
      return `${by("submitted")} for review`;
    case "approved":
      return by("approved");
    case "rejected":
      return by("rejected");
    case "edited": {
      const edited = item.who === null ? "The page was changed" : `${item.who} changed the page`;
      return item.version === null ? edited : `${edited}: version ${item.version}`;
    }
    case "entered":
      return `The state became “${item.what.state}”`;
    case "voided":
      return `The approval of ${version} was taken back: the page had changed before it was recorded`;
  }
}

export type Look = { is: "checking" } | { is: "seen"; version: number } | { is: "unknown"; reason: string };

export function verdict({ approved, changed_since_approval: changed }: Status, look: Look): string {
  if (!approved) return "";
  if (look.is === "checking") return "Checking whether this is the version you see…";
  if (look.is === "unknown") {
    return changed
      ? `The page has changed since. Its version now could not be confirmed: ${look.reason}`
      : `Could not be confirmed: ${look.reason}`;
  }
  if (look.version > approved.version) return `Changed since: the page is now at version ${look.version}.`;
  if (look.version < approved.version) return "Could not be confirmed: Confluence answered with an older version of the page.";
  return changed ? "Changed since: an attachment was added, replaced or removed after the approval." : "This is the version you see.";
}

export interface Dates {
  short(at: number): string;
  full(at: number): string;
}

export function datesOf(locale: string | undefined, timeZone: string | undefined): Dates {
  const short = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone });
  const full = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "long", timeZone });
  return { short: (at) => short.format(at), full: (at) => full.format(at) };
}
