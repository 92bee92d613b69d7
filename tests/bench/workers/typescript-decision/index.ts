// A decision as one would write it in TypeScript: jose for the tokens, otplib for the code, WebCrypto for the rest. The
// same order as the edge's: rights and page, challenge, count and load in one batch, compare, commit in one batch.
import { HEADERS, refused } from "../fit.ts";
import { statusOf } from "../view.ts";
import { type Bound, issue, opened } from "./challenge.ts";
import { accepted } from "./code.ts";
import { nameOf, pageNow } from "./confluence.ts";
import { type Env, commit, count, load } from "./database.ts";
import { approved } from "./entries.ts";
import { hex } from "./hex.ts";
import { caller } from "./token.ts";

interface Asked {
  challenge: string;
  decision: "approve" | "reject";
  page_version: number;
  comment: string;
  code: string;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const who = await caller(request, env);
    if (!who) return refused();
    const { pathname } = new URL(request.url);
    if (pathname === "/api/challenge") return challenge(request, env, who);
    if (pathname === "/api/decision") return decision(request, env, who);
    return problem(404, "not-found");
  },
};

type Who = NonNullable<Awaited<ReturnType<typeof caller>>>;

async function challenge(request: Request, env: Env, who: Who): Promise<Response> {
  const asked = (await request.json()) as Pick<Asked, "decision" | "page_version">;
  const page = await pageNow(env, who);
  if (page.version !== asked.page_version) return problem(409, "page-moved");
  const { fold, policy } = await load(env, who);
  const [approval] = fold.review.approvals;
  const bound: Bound = {
    site: who.site,
    page: who.page,
    version: page.version,
    content_hash: page.hash,
    workflow: fold.workflow,
    workflow_version: fold.workflow_version,
    state: fold.state.id,
    state_seq: fold.state_seq,
    approval: approval.id,
    policy_version: policy,
    decision: asked.decision,
    meaning: "I have reviewed this version and approve it for use.",
    account: who.person,
    nonce: hex(crypto.getRandomValues(new Uint8Array(16))),
  };
  return json({ challenge: await issue(env, bound) });
}

async function decision(request: Request, env: Env, who: Who): Promise<Response> {
  const asked = (await request.json()) as Asked;
  const bound = await opened(env, asked.challenge);
  const fits =
    bound &&
    bound.site === who.site &&
    bound.account === who.person &&
    bound.page === who.page &&
    bound.decision === asked.decision &&
    bound.version === asked.page_version;
  if (!fits) return problem(422, "challenge-invalid");
  if (!/^\d{6}$/.test(asked.code)) return problem(422, "bad-field");
  const page = await pageNow(env, who);
  if (page.version !== bound.version || page.hash !== bound.content_hash) return problem(409, "page-moved");
  const now = Date.now();
  const known = await count(env, who, bound.nonce, now);
  if (known.used) return problem(409, "challenge-used");
  if (!known.admitted) return problem(429, "locked");
  const { factor, fold } = known;
  const step = await accepted(env, who, factor, asked.code);
  if (step === undefined) return problem(422, "wrong-code");
  if (fold.state_seq !== bound.state_seq || fold.review?.version !== bound.version || known.policy !== bound.policy_version) {
    return problem(409, "wrong-state");
  }
  const outcome = await approved({ bound, fold, factor: factor.id, step, challenge: asked.challenge, comment: asked.comment, now, name: await nameOf(env, who) });
  await commit(env, who, outcome);
  const names = { ...known.names, ...Object.fromEntries(outcome.texts.map(({ id, body }) => [id, body])) };
  return json({ seq: outcome.seq, at: now, repeated: false, status: statusOf({ format: 0, fold: outcome.fold, names }) });
}

const json = (value: unknown) => new Response(JSON.stringify(value), { headers: HEADERS });
const problem = (status: number, kind: string) =>
  new Response(JSON.stringify({ type: `urn:countersign:problem:${kind}`, kind, status }), { status, headers: HEADERS });
