// The contact sheet: all pictures on one page, and what was found beside them.
import { THEMES, WIDTHS } from "./take.mjs";
import { ALL_SURFACES } from "./scenes.mjs";

const escape = (text) => String(text).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

const STYLE = `
  body { font: 14px/1.5 system-ui, sans-serif; margin: 24px; background: #f4f5f7; color: #172b4d }
  h2 { margin: 40px 0 8px } h3 { margin: 24px 0 4px; font-size: 14px } h3 small { font-weight: 400; color: #505f79 }
  .row { display: flex; flex-wrap: wrap; gap: 16px; align-items: start }
  figure { margin: 0; background: #fff; padding: 8px; border-radius: 6px; box-shadow: 0 1px 3px #0003 }
  figcaption { font-size: 12px; color: #505f79 } img { display: block; max-width: 640px; height: auto }
  .bad { outline: 3px solid #c9372c } .findings { color: #ae2e24; margin: 4px 0 0; padding-left: 16px; max-width: 640px }
`;

/** The page. */
export function sheet(taken) {
  const bad = taken.filter((shot) => shot.findings.length > 0).length;
  const picture = (shot) => {
    const list = shot.findings.map(({ id, help, where }) => `<li>${escape(id)}: ${escape(help)} ${escape(where.join(" | "))}</li>`).join("");
    return `<figure class="${list ? "bad" : ""}"><a href="${shot.file}"><img loading="lazy" src="${shot.file}" width="${shot.width}" alt=""></a>
      <figcaption>${escape(shot.file)}</figcaption>${list && `<ul class="findings">${list}</ul>`}</figure>`;
  };
  const part = (surface) => {
    const shots = taken.filter((shot) => shot.surface === surface);
    const states = [...new Set(shots.map((shot) => shot.state))];
    return states
      .map((state) => {
        const all = shots.filter((shot) => shot.state === state);
        const row = WIDTHS.flatMap((width) => THEMES.map((theme) => all.find((shot) => shot.width === width && shot.theme === theme)));
        const { shows, nearest } = all[0];
        return `<h3 id="${surface}-${state}">${surface} · ${state} <small>${escape(shows)}${nearest ? " (the nearest there is)" : ""}</small></h3>
          <div class="row">${row.filter(Boolean).map(picture).join("")}</div>`;
      })
      .join("");
  };
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Screens</title><style>${STYLE}</style>
    <h1>Screens</h1><p>${taken.length} pictures, ${bad} with findings.</p>
    ${ALL_SURFACES.map((surface) => `<h2>${surface}</h2>${part(surface)}`).join("")}</html>`;
}
