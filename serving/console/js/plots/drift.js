/** Has the market moved since the training? One dot a feature, with the usual limits. */

import { brief, hinted, rootTicks, svg } from "./axis.js";
import { rowPlot } from "./rows.js";

export const FIRST = 15;
export const [MODERATE, LARGE] = [0.1, 0.25];

/** Features as rows, the one that moved most first; ties by name. */
export function driftRows(features) {
  return features
    .map((one) => ({
      name: one.feature ?? one.column,
      value: one.psi ?? one.statistic,
      noise: one.noise ?? null,
      reading: one.reading ?? null,
      moved: one.moved === true,
    }))
    .filter((row) => Number.isFinite(row.value))
    .sort((one, other) => other.value - one.value || one.name.localeCompare(other.name));
}

/** What it comes to, in a sentence. */
export function driftLead(rows) {
  const moved = rows.filter((row) => row.moved).length;
  if (moved === 0) return `None of ${rows.length} columns moved further than chance would have it.`;
  const which = moved === 1 ? "1 column" : `${moved} columns`;
  return `${which} of ${rows.length} moved, the furthest ${rows[0].name}.`;
}

/** The picture: the first `shown` rows. */
export function drift(rows, { width, shown }) {
  const drawn = rows.slice(0, shown);
  const high = Math.max(LARGE * 1.4, ...drawn.map((row) => Math.max(row.value, row.noise ?? 0)));
  const between = rootTicks(high).filter((at) => at === 0 || at > LARGE * 1.8);
  const marked = [...between, MODERATE, LARGE].sort((one, other) => one - other);
  return rowPlot({
    width,
    mono: true,
    title: "Drift of features since training",
    description: `${driftLead(rows)} Limits: ${MODERATE} is moderate, ${LARGE} is large.`,
    axis: "Population stability index",
    kind: "root",
    domain: [0, high],
    ticks: marked.map((at) => ({ at, words: brief(at, 2) })),
    limits: [{ at: MODERATE }, { at: LARGE }],
    rows: drawn.map((row) => ({
      name: row.name,
      value: row.moved ? `${brief(row.value)} moved` : brief(row.value),
      strong: row.moved,
      marks: (place, y) => [marksOf(row, place, y)],
    })),
  });
}

/** The numbers behind it. */
export function driftTable(rows) {
  return {
    head: ["Column", "Index", "Chance alone (95%)", "Reading", "Moved"],
    rows: rows.map((row) => [
      row.name,
      brief(row.value, 4),
      brief(row.noise, 3),
      row.reading ?? "–",
      row.moved ? "yes" : "no",
    ]),
  };
}

function marksOf(row, place, y) {
  const [x, chance] = [place(row.value), row.noise === null ? null : place(row.noise)];
  return hinted(
    `${row.name}: ${brief(row.value)}${row.noise === null ? "" : `, chance ${brief(row.noise)}`}`,
    svg("line", { class: "plot-stem", x1: place(0), x2: x, y1: y, y2: y }),
    chance === null
      ? null
      : svg("line", { class: "plot-noise", x1: chance, x2: chance, y1: y - 6, y2: y + 6 }),
    row.moved
      ? svg("path", {
          class: "plot-dot is-warning",
          "data-x": x,
          d: `M ${x} ${y - 6.5} L ${x + 6.5} ${y} L ${x} ${y + 6.5} L ${x - 6.5} ${y} Z`,
        })
      : svg("circle", { class: "plot-dot", cx: x, cy: y, r: 4.5, "data-x": x }),
  );
}
