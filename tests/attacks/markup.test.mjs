// Names, titles and comments with markup in them come back as the text they are, and break out of no mail.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { AUTHOR, JONAS, VIEWER } from "../support/identities.mjs";
import { siteForFile } from "../support/server.mjs";

const held = await siteForFile();
const EVIL = `<img src=x onerror="alert(1)"> & "quotes" </script><script>alert(2)</script> \u202e`;
let page;

before(async () => {
  const site = held.current;
  const { sandbox } = site;
  for (const person of [JONAS, AUTHOR]) {
    await sandbox.putPerson({ accountId: person.account, name: `${EVIL} ${person.name}`, email: person.email, editor: true });
  }
  page = await sandbox.createPage({ title: EVIL });
  await site.as(JONAS).enrol();
});

test("in answers everything is the same text again", async () => {
  const site = held.current;
  const { status } = (await site.as(AUTHOR).on(page).submit({ comment: EVIL })).good();
  assert.equal(status.review.comment, EVIL.trim());
  assert.equal(status.review.submitted_by, `${EVIL} ${AUTHOR.name}`);
  const { shown } = (await site.as(JONAS).on(page).challenge()).good();
  assert.equal(shown.title, EVIL);
  (await site.as(JONAS).on(page).approve(EVIL)).good();
  const copy = (await site.as(VIEWER).on(page).status()).good();
  assert.equal(copy.status.approved.signatures[0].comment, EVIL.trim());
  assert.equal(copy.status.approved.signatures[0].name, `${EVIL} ${JONAS.name}`);
});

test("answers say that they are JSON and nothing else", async () => {
  const answer = await held.current.as(VIEWER).on(page).status();
  assert.match(answer.headers.get("content-type"), /^application\/json/);
  assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
});

test("in mails the HTML part holds no markup of theirs, and the subject no line break", async () => {
  const mails = await held.current.mailsTo(JONAS);
  assert.ok(mails.length > 0);
  for (const mail of mails) {
    assert.ok(!mail.html.includes("<img") && !mail.html.includes("<script"), mail.html);
    assert.doesNotMatch(mail.subject, /[\r\n]/);
  }
});

test("the QR code is a picture of text, whatever the name is", async () => {
  const site = held.current;
  (await site.as(AUTHOR).beginEnrolment()).good();
  await site.drain();
  const { qr_svg: svg, account } = (await site.as(AUTHOR).enterMailCode(await site.as(AUTHOR).mailedCode())).good();
  assert.doesNotMatch(svg, /<script|<img|onerror|alert|<foreignObject/i);
  assert.equal(typeof account, "string");
});

test("control characters are refused, or never come back", async () => {
  const site = held.current;
  await site.edit(page);
  const answer = await site.as(AUTHOR).on(page).submit({ comment: "bell\u0007 null\u0000 escape\u001b[31m" });
  if (answer.status === 200) assert.doesNotMatch(answer.body.status.review.comment, /[\u0000-\u0008\u001b]/);
  else assert.equal(answer.refused(422, "bad-field").field, "comment");
});
