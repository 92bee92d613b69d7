// Opens each scene in each theme and width, takes its picture, and has axe-core look at it.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { launch, watchedContext } from "../browser.mjs";
import { fit, open, serve } from "./host.mjs";
import { STATES, scenes } from "./scenes.mjs";

export const THEMES = ["light", "dark"];
export const WIDTHS = [320, 1280];
/** Pages looked at at the same time. */
const AT_ONCE = 2;
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PATIENCE = 15_000;

/** Every picture there is to be: a scene in a theme and a width. In a hurry, what goes beyond the states is seen twice. */
export function shots({ only = "", quick = false } = {}) {
  const all = scenes().flatMap((scene) =>
    THEMES.flatMap((theme) =>
      WIDTHS.map((width) => ({ scene, theme, width, file: `${scene.surface}-${scene.state}-${theme}-${width}.png` })),
    ),
  );
  const enough = ({ scene, theme, width }) => !quick || STATES.includes(scene.state) || (theme === "light") === (width === 320);
  return all.filter((shot) => shot.file.includes(only) && enough(shot));
}

/** Takes them all. `out` is a folder for the pictures; without one none are made. Says what is wrong with each. */
export async function take({ out, only, say = () => {} } = {}) {
  if (out) mkdirSync(out, { recursive: true });
  const browser = await launch();
  try {
    const left = shots({ only, quick: !out });
    const total = left.length;
    const taken = [];
    const work = async () => {
      const { context, watch } = await watchedContext(browser, { reducedMotion: "reduce" });
      context.setDefaultTimeout(PATIENCE);
      await serve(context);
      for (let shot = left.shift(); shot; shot = left.shift()) {
        taken.push(await one(context, watch, shot, out));
        if (taken.length % 20 === 0) say(`${taken.length} of ${total}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return taken.sort((a, b) => a.file.localeCompare(b.file));
  } finally {
    await browser.close();
  }
}

async function one(context, watch, { scene, theme, width, file }, out) {
  const { surface, state, shows, nearest } = scene;
  const shot = { file, surface, state, theme, width, shows, nearest, findings: [] };
  watch.violations.length = watch.errors.length = 0;
  const page = await open(context, scene, { theme, width });
  try {
    await scene.act(page);
    // In a frame inside Confluence all of it is in sight; a page of its own has a window around it.
    if (!scene.hosted) await fit(page, width);
    if (out) await page.screenshot({ path: path.join(out, file), animations: "disabled", caret: "hide", fullPage: Boolean(scene.hosted) });
    shot.findings = await findings(page, width);
  } catch (error) {
    shot.findings.push({ id: "scene", help: `it did not come to show this: ${error.message.split("\n").slice(0, 6).join(" ")}`, where: [] });
    if (out) await page.screenshot({ path: path.join(out, file) }).catch(() => {});
  } finally {
    await page.close();
  }
  for (const text of [...watch.violations, ...watch.errors]) shot.findings.push({ id: "console", help: text, where: [] });
  return shot;
}

/** What axe-core finds, and whether anything sticks out at the side. */
async function findings(page, width) {
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"] });
    return violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.map((node) => `${node.target.join(" ")}: ${node.any.concat(node.all).map((check) => check.message).join("; ")}`) }));
  });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  if (wide > width) found.push({ id: "overflow", help: `the content is ${wide} pixels wide`, where: await page.evaluate(widest, width) });
  return found;
}

function widest(width) {
  const out = [...document.querySelectorAll("body *")].filter((element) => element.getBoundingClientRect().right > width + 1);
  return out.slice(-3).map((element) => `${element.tagName.toLowerCase()}.${element.className}`);
}
