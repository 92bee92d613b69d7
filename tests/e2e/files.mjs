// One stack and one browser for all tests of a file.
import { after, before } from "node:test";
import { launch } from "./browser.mjs";
import { startStack } from "./stack.mjs";
import { visit } from "./visitor.mjs";

/** What a file's tests share: `stack`, `browser`, and `visitor(who)` for a window that is closed at the end. */
export function stackForFile({ prepare, ...options } = {}) {
  const held = { windows: [] };
  held.visitor = async (who, more) => {
    const visitor = await visit(held.stack, held.browser, who, more);
    held.windows.push(visitor);
    return visitor;
  };
  before(async () => {
    [held.stack, held.browser] = await Promise.all([startStack(options), launch()]);
    await prepare?.(held.stack);
  });
  after(async () => {
    await held.browser?.close();
    await held.stack?.stop();
  });
  return held;
}
