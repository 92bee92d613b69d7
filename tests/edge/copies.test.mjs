// The copy in KV can be old, ahead, foreign, garbage or gone: no decision looks at it, and it heals.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { AUTHOR, JONAS, POLICY_PAGE, SITE, VIEWER } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const KEY = `status/${SITE.key}/${POLICY_PAGE}`;
let genuine;

before(async () => {
  await held.current.as(JONAS).enrol();
  (await held.current.as(AUTHOR).submit()).good();
  genuine = await held.current.worker.kv.get(KEY);
});

const with_ = (change) => {
  const copy = JSON.parse(genuine);
  change(copy);
  return JSON.stringify(copy);
};
const approvedState = { id: "approved", name: "Approved", colour: "green", final: true };

const PLANTED = {
  "an older one": () => with_((copy) => Object.assign(copy.fold, { seq: 1, review: null, state: { id: "draft", name: "Draft", colour: "grey", final: false } })),
  "one that is ahead and says approved": () => with_((copy) => Object.assign(copy.fold, { seq: 999, review: null, state: approvedState })),
  "one of the same age that lies": () => with_((copy) => Object.assign(copy.fold, { review: null, state: approvedState })),
  "one of a later format": () => with_((copy) => Object.assign(copy, { format: copy.format + 1, fold: { news: true } })),
  "one of no format": () => '{"fold":{}}',
  "garbage": () => "\u0000not json at all",
  "an empty text": () => "",
  "a number": () => "42",
  "nothing": () => null,
};

async function plant(text) {
  if (text === null) await held.current.worker.kv.delete(KEY);
  else await held.current.worker.kv.put(KEY, text);
}

for (const [name, make] of Object.entries(PLANTED)) {
  test(`${name}: what may be done and what is signed is the journal's`, async () => {
    const site = held.current;
    await plant(make());
    assert.equal((await site.as(JONAS).actions({ settle: false })).good().decide.is, "open");
    const challenge = (await site.as(JONAS).challenge("approve")).good();
    assert.equal(challenge.shown.version, 1);
    (await site.as(AUTHOR).submit()).refused(409, "wrong-state");
  });

  test(`${name}: a viewer's status does not fail, the confirm is right, and the copy heals`, async () => {
    const site = held.current;
    await plant(make());
    const first = await site.as(VIEWER).status({ settle: false });
    first.good();
    const confirmed = (await site.as(VIEWER).confirm()).good();
    assert.equal(confirmed.status.state.name, "In Review");
    assert.equal(confirmed.status.approved, null);
    await site.advance(5000);
    await site.drain();
    assert.equal(await site.worker.kv.get(KEY), genuine);
  });
}

test("a decision is the same whatever lies in KV", async () => {
  const site = held.current;
  await plant(PLANTED["one that is ahead and says approved"]());
  const { status } = (await site.as(JONAS).approve()).good();
  assert.equal(status.state.name, "Approved");
  assert.equal(status.approved.version, 1);
  await site.drain();
  const copy = JSON.parse(await site.worker.kv.get(KEY));
  assert.equal(copy.fold.seq, status.seq);
});

test("KV out of reach: the journal answers, and decisions go on", async () => {
  const site = held.current;
  await site.edit(POLICY_PAGE);
  await site.worker.arm({ binding: "STATUS", match: "", when: "before", times: 1000, error: "KV GET failed: 500" });
  const seen = (await site.as(VIEWER).status()).good();
  assert.equal(seen.source, "journal");
  assert.equal(seen.status.state.name, "Draft");
  assert.equal((await site.as(VIEWER).confirm()).good().status.state.name, "Draft");
  (await site.as(AUTHOR).submit()).good();
  (await site.as(JONAS).approve()).good();
  await site.worker.disarm();
});
