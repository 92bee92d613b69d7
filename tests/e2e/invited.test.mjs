// External approvers without an account, the whole way: an admin lets them be invited, the author invites one from the macro and
// says what goes along, they read and approve on the Worker's own page, and the macro shows what stands behind it; another one
// is revoked; both are erased at the end.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { ADMIN, AUTHOR, JONAS, POLICY_PAGE } from "../support/identities.mjs";
import { stackForFile } from "./files.mjs";
import { MAILED_CODE } from "./stack.mjs";
import { eventually, says } from "./visitor.mjs";

const ANNA = { name: "Anna Weiss", address: "anna@auditor.example" };
const OMAR = { name: "Omar Nasser", address: "omar@customer.example" };
const LINK = /http:\/\/localhost:\d+\/hosted#i\.[\w.-]+/;

describe("somebody without an account", () => {
  const held = stackForFile({
    prepare: async (stack) => {
      for (const who of [ADMIN, JONAS]) await stack.enrol(who);
      await stack.sandbox.attach(POLICY_PAGE, "controls.txt", "one, two", { account: AUTHOR.account });
      await stack.sandbox.attach(POLICY_PAGE, "internal.txt", "not for others", { account: AUTHOR.account });
      await stack.settle();
      await stack.submit(AUTHOR);
    },
  });
  let mira, admin, view;

  const mailedTo = async (address, what) => {
    await held.stack.drain();
    const mail = (await held.stack.sandbox.mails()).findLast((one) => one.to.includes(address) && what.test(one.text));
    assert.ok(mail, `${address} got no such mail`);
    return mail.text.match(what)[0];
  };
  /** From the macro: opens the dialog and fills it in. */
  const invites = async ({ name, address }, attachment) => {
    await mira.read();
    await mira.press("invite");
    await mira.see("invite-attachment").first().waitFor();
    await mira.type("invite-name", name);
    await mira.type("invite-address", address);
    if (attachment) await mira.macro.getByLabel(attachment).check();
    await mira.press("invite-confirm");
    await mira.dialogIsGone();
    await held.stack.settle();
  };
  /** A window of theirs, at the link of the newest invitation. */
  const arrives = async (who) => {
    const link = await mailedTo(who.address, LINK);
    const window = await held.visitor({ account: "nobody" });
    await window.page.goto(link);
    return { window, see: (testid) => window.page.getByTestId(testid) };
  };
  const enters = async (who, guest) => {
    await guest.see("send-code").click();
    await guest.see("entry-code").waitFor();
    await guest.see("entry-code").fill(await mailedTo(who.address, MAILED_CODE));
    await guest.see("enter").click();
    await guest.see("invited-reading").waitFor();
  };

  before(async () => {
    mira = await held.visitor(AUTHOR);
    admin = await held.visitor(ADMIN);
    view = admin.frame("approval-settings");
  });

  test("nobody can be invited before an admin lets it, workflow by workflow", async () => {
    await mira.read();
    assert.equal(await mira.see("invite").count(), 0);
    await admin.open();
    await admin.page.getByRole("link", { name: "Countersign settings" }).first().click();
    await says(view.getByTestId("policy-invited"), "can’t be invited");
    await view.getByTestId("policy-edit").click();
    await view.getByTestId("policy-invitations").getByLabel("Page approval").check();
    // Those who have nothing stronger may confirm by mail.
    await view.getByTestId("rule-mail-code-0").check();
    await view.getByTestId("invitations-days").fill("120");
    await view.getByTestId("policy-save").click();
    await says(view.getByTestId("policy-invitations"), "1 to 90");
    await view.getByTestId("invitations-days").fill("21");
    await view.getByTestId("policy-save").click();
    await says(view.getByTestId("policy-changes"), /without an account/);
    await view.getByTestId("policy-confirm").click();
    await view.getByTestId("code").fill(await admin.code());
    await view.getByTestId("policy-confirm").click();
    await says(view.getByTestId("policy-invited"), "“Page approval”; an invitation stands for 21 days");
  });

  test("the author says whom, and what goes along; the page says who is asked", async () => {
    await mira.read();
    await mira.press("invite");
    await mira.see("invite-attachment").first().waitFor();
    const version = await held.stack.sandbox.version(POLICY_PAGE);
    await mira.reads("invite-version", `version ${version}`);
    await mira.press("invite-confirm");
    await mira.reads("invite-dialog", "Write the name they are known by.");
    await mira.reads("invite-dialog", "Write one mail address");
    await mira.press("cancel");
    await invites(ANNA, "controls.txt");
    await mira.reads("invitation", /Anna Weiss Asked/);
    const invited = (await held.stack.journal()).findLast((entry) => entry.event.kind === "invited").event;
    assert.equal(invited.attachments.length, 1);
    assert.doesNotMatch(JSON.stringify(await held.stack.journal()), /anna@auditor/, "the address is not in the journal");
  });

  test("they read what was disclosed, approve, and the page says what stands behind it", async () => {
    const guest = await arrives(ANNA);
    await enters(ANNA, guest);
    await says(guest.see("invited-title"), "Information Security Policy");
    assert.deepEqual(await guest.see("attachment").allInnerTexts(), ["controls.txt"], "and no other");
    await guest.see("invited-approve").click();
    await guest.see("mail-me").click();
    await guest.see("mailed").waitFor();
    await guest.see("code").fill(await mailedTo(ANNA.address, MAILED_CODE));
    await guest.see("comment").fill("As we agreed.");
    await guest.see("sign").click();
    await guest.see("invited-answered").waitFor();
    await held.stack.settle();
    await mira.read();
    await mira.reads("invited-list", /Anna Weiss Approved/);
    await mira.reads("review", "mailbox control, no account");
    await mira.reads("state", "In Review");
  });

  test("an approval waits for whoever was invited; revoking takes them out, and their page shows nothing more", async () => {
    await invites(OMAR);
    const guest = await arrives(OMAR);
    await enters(OMAR, guest);
    await held.stack.decide(POLICY_PAGE, { who: JONAS });
    await mira.read();
    await mira.reads("state", "In Review");
    await mira.press("invite-revoke");
    await mira.reads("revoke-dialog", "Omar Nasser");
    await mira.press("revoke-confirm");
    await mira.dialogIsGone();
    await held.stack.settle();
    await eventually("the page is approved", async () => /Approved/.test(await mira.see("state").innerText()));
    await guest.see("invited-approve").click();
    await guest.see("invited-over").waitFor();
    assert.doesNotMatch(await guest.window.page.content(), /Information Security Policy/);
  });

  test("an admin sees who was invited, and erases one with a reason", async () => {
    await admin.page.reload();
    const anna = view.locator("[data-testid='invited-person']", { hasText: ANNA.name });
    await says(anna, ANNA.address);
    await anna.getByTestId("invited-erase").click();
    await view.getByTestId("act-go").click();
    await says(view.getByTestId("act-dialog"), "Say why.");
    await view.getByTestId("reason").fill("Asked us to.");
    await view.getByTestId("act-go").click();
    await view.getByTestId("code").fill(await admin.code());
    await view.getByTestId("act-go").click();
    await says(view.getByTestId("invited-said"), "Anna Weiss was erased");
    await says(view.getByTestId("invited-people"), "(erased)");
    assert.doesNotMatch(await view.getByTestId("invited-people").innerText(), /anna@auditor/);
    for (const window of held.windows) window.watch.clean();
  });
});
