// What went out through Cloudflare's `send_email` binding: Miniflare checks each mail as Cloudflare would (sender, recipient,
// Message-ID), writes it to a file and says where. Read with a MIME parser that is not ours.
import { readFile } from "node:fs/promises";
import PostalMime from "postal-mime";

const WRITTEN = /send_email binding called with the following message:[^\n]*\n\s*(\S+\.eml)/g;

/** Mails handed over so far, oldest first: `{ raw, mail }`. Waits until there are `count`. */
export async function boundMails(site, count = 0) {
  const until = Date.now() + 10_000;
  let paths = [];
  do {
    paths = [...site.worker.log.matchAll(WRITTEN)].map(([, path]) => path);
    if (paths.length < count) await new Promise((resolve) => setTimeout(resolve, 20));
  } while (paths.length < count && Date.now() < until);
  if (paths.length < count) throw new Error(`${paths.length} mails instead of ${count}\n${site.worker.log}`);
  return Promise.all(
    paths.map(async (path) => {
      const raw = await readFile(path, "utf8");
      return { raw, mail: await PostalMime.parse(raw) };
    }),
  );
}
