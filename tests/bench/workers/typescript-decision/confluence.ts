// What is asked of Confluence on the way of a decision: the page with its attachments, and the person's name.
import { hex } from "./hex.ts";

interface Asking {
  CONFLUENCE_API_ORIGIN: string;
}
interface Who {
  site: string;
  page: string;
  person: string;
  token: string;
}

async function ask(env: Asking, who: Who, path: string): Promise<any> {
  const url = `${env.CONFLUENCE_API_ORIGIN}/ex/confluence/${who.site.split("/")[0]}/wiki${path}`;
  const answer = await fetch(url, { headers: { accept: "application/json", authorization: who.token } });
  if (!answer.ok) throw new Error(`Confluence failed (${answer.status})`);
  return answer.json();
}

/** The page as it is, with the hash over title, body and attachments. */
export async function pageNow(env: Asking, who: Who): Promise<{ version: number; hash: string }> {
  const path = `/api/v2/pages/${who.page}`;
  const [page, attachments] = await Promise.all([
    ask(env, who, `${path}?include-version=true&include-operations=true&body-format=storage`),
    ask(env, who, `${path}/attachments?limit=250`),
  ]);
  const sorted = attachments.results
    .map((one: any) => [one.id, one.version.number, one.fileSize])
    .sort(([one]: [string], [other]: [string]) => (one < other ? -1 : 1));
  const content = JSON.stringify([page.title, page.body.storage.value, sorted]);
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(content));
  return { version: page.version.number, hash: hex(new Uint8Array(hash)) };
}

/** The person's name, to be kept with the signature. */
export async function nameOf(env: Asking, who: Who): Promise<string> {
  return (await ask(env, who, `/rest/api/user?accountId=${encodeURIComponent(who.person)}`)).displayName;
}
