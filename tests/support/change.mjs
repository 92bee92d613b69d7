// A change an admin confirms: sent once, answered with a challenge, sent again with it and a code.
import assert from "node:assert/strict";

/** Sends `body` for the first time; what is to be confirmed. */
export async function asked(person, route, body) {
  const answer = (await person.call(route, body)).good();
  assert.ok(answer.confirm, `expected to be asked to confirm: ${JSON.stringify(answer)}`);
  return answer.confirm;
}

/** Sends `body`, confirms it with a fresh code, and gives what was done. */
export async function changed(person, route, body) {
  const { challenge, code_required } = await asked(person, route, body);
  const code = code_required ? await person.code() : "";
  const answer = (await person.call(route, { ...body, confirm: { challenge, code } })).good();
  assert.ok(answer.done, `expected it to be done: ${JSON.stringify(answer)}`);
  return answer.done;
}

/** What one invocation may send; Cloudflare's smallest plan allows 50. */
const MOST = 50;

/** Lets the clock run until a job is over, a minute each time; the job. No minute sends more than an invocation may. */
export async function finished(site, person, id, { minutes = 60 } = {}) {
  for (let minute = 0; minute < minutes; minute += 1) {
    const job = (await person.call("/api/settings/job", { job: id })).good();
    if (job.state !== "open") return job;
    const { used } = await site.worker.scheduled();
    const statements = used.reduce((sum, call) => sum + (call.sql?.length ?? 0), 0);
    assert.ok(statements <= MOST, `an invocation sent ${statements} statements`);
    await site.worker.idle();
    await site.advance(61_000);
  }
  throw new Error(`the job does not end: ${JSON.stringify((await person.call("/api/settings/job", { job: id })).body)}`);
}

/** The journal of the test's site has neither gap nor fork. */
export async function noGap(site, key) {
  const rows = await site.sql("SELECT position FROM journal WHERE site = ? ORDER BY position", key);
  assert.deepEqual(rows.map((row) => row.position), rows.map((_, index) => index));
  const streams = await site.sql("SELECT stream, COUNT(*) AS n, MAX(seq) AS top FROM journal WHERE site = ? GROUP BY stream", key);
  for (const { stream, n, top } of streams) assert.equal(n, top, stream);
}
