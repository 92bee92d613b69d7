// The README's pictures: the sandbox as somebody sees it who tries Countersign out.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { AUTHOR, JONAS, VIEWER } from "../../support/identities.mjs";
import { launch } from "../browser.mjs";
import { startStack } from "../stack.mjs";
import { visit } from "../visitor.mjs";

const SIZE = { viewport: { width: 1280, height: 860 }, deviceScaleFactor: 1 };

/** Takes them. */
export async function readme(folder) {
  mkdirSync(folder, { recursive: true });
  const [stack, browser] = await Promise.all([startStack(), launch()]);
  try {
    await stack.enrol(JONAS);
    await stack.submit(AUTHOR, undefined, "Yearly review.");
    await stack.decide(undefined, { comment: "Reads well." });
    const viewer = await visit(stack, browser, VIEWER, SIZE);
    await viewer.read();
    await viewer.page.screenshot({ path: path.join(folder, "approved.png") });
    await stack.sandbox.edit("98305", { text: await withOneMoreRule(stack), keepMacro: false });
    await stack.settle();
    await stack.submit(AUTHOR, undefined, "One rule is new.");
    const approver = await visit(stack, browser, JONAS, SIZE);
    await approver.read();
    await approver.beginTo("approve");
    await approver.page.evaluate(() => scrollTo(0, 0));
    await approver.page.screenshot({ path: path.join(folder, "signing.png") });
    return true;
  } finally {
    await browser.close();
    await stack.stop();
  }
}

async function withOneMoreRule(stack) {
  const { body } = await stack.sandbox.page("98305");
  return body.replace("</ul>", "<li><p>Lost keys are reported at the front desk.</p></li></ul>");
}
