// Figures: how they are summed up, judged and written down.

export const median = (values) => quantile(values, 0.5);

function quantile(values, at) {
  const sorted = values.toSorted((one, other) => one - other);
  const place = (sorted.length - 1) * at;
  const low = Math.floor(place);
  return sorted[low] + (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]) * (place - low);
}

/** Least, middle and most of a series. */
export const spread = (values) => ({ min: quantile(values, 0), median: median(values), max: quantile(values, 1), runs: values.length });

/**
 * One line of the table: ours beside a baseline. `mark`: the highest ratio allowed; `limit`: the highest value. Without
 * either the figure is there to be known.
 */
export function figure({ name, unit, ours, baseline, mark, limit, note }) {
  const value = (side) => (typeof side === "number" ? side : side?.median);
  const ratio = baseline === undefined ? undefined : value(ours) / value(baseline);
  const met = mark !== undefined ? ratio <= mark : limit !== undefined ? value(ours) <= limit : undefined;
  return { name, unit, ours, baseline, ratio, mark, limit, met, note };
}

const rounded = (number) => (Math.abs(number) >= 100 ? Math.round(number).toLocaleString("en-US") : number.toPrecision(3));

function shown(side, unit) {
  if (side === undefined) return "";
  if (typeof side === "number") return `${rounded(side)} ${unit}`;
  return `${rounded(side.median)} ${unit} (${rounded(side.min)}–${rounded(side.max)})`;
}

const verdict = (one) => (one.met === undefined ? "" : one.met ? "met" : "MISSED");

function wanted(one) {
  if (one.mark !== undefined) return `≤ ${one.mark} ×`;
  return one.limit === undefined ? "" : `≤ ${rounded(one.limit)} ${one.unit}`;
}

const COLUMNS = [
  ["figure", (one) => one.name],
  ["ours", (one) => shown(one.ours, one.unit)],
  ["baseline", (one) => shown(one.baseline, one.unit)],
  ["ratio", (one) => (one.ratio === undefined ? "" : `${one.ratio.toFixed(2)} ×`)],
  ["mark", wanted],
  ["", verdict],
];

/** A table for the terminal that is Markdown too. */
export function table(parts) {
  const lines = [];
  for (const part of parts) {
    const rows = part.figures.map((one) => COLUMNS.map(([, cell]) => cell(one)));
    const heads = COLUMNS.map(([head]) => head);
    const widths = heads.map((head, at) => Math.max(3, head.length, ...rows.map((row) => row[at].length)));
    const line = (cells) => `| ${cells.map((cell, at) => cell.padEnd(widths[at])).join(" | ")} |`;
    lines.push(`### ${part.title}`, "", ...(part.about ? [part.about, ""] : []), line(heads));
    lines.push(`|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`, ...rows.map(line), "");
    const notes = part.figures.filter((one) => one.note).map((one) => `- ${one.name}: ${one.note}`);
    if (notes.length > 0) lines.push(...notes, "");
  }
  return lines.join("\n");
}
