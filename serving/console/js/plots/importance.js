/** Which features the ranker leans on, the most important first. */

import { brief, hinted, percent, svg, ticks } from "./axis.js";
import { rowPlot } from "./rows.js";

export const FIRST = 15;
export const UNITS = {
  gain: { words: "Share of the total gain", said: (value) => `${(value * 100).toFixed(1)}%` },
  contribution: { words: "Mean absolute contribution to the score", said: (value) => value.toFixed(3) },
};

/** Features as rows, the greatest first; ties by name. */
export function importanceRows(importance) {
  return Object.entries(importance)
    .map(([name, value]) => ({ name, value }))
    .sort((one, other) => other.value - one.value || one.name.localeCompare(other.name));
}

/**
 * The picture.
 *
 * @param {{name: string, value: number}[]} rows
 * @param {{width: number, shown: number, unit: typeof UNITS.gain}} how `shown` rows from the top.
 */
export function importance(rows, { width, shown, unit }) {
  const high = Math.max(rows[0]?.value ?? 0, 1e-9);
  const drawn = rows.slice(0, shown);
  return rowPlot({
    width,
    mono: true,
    title: "Feature importance",
    description: `${unit.words}. ${drawn
      .slice(0, 5)
      .map((row) => `${row.name} ${unit.said(row.value)}`)
      .join(", ")} lead ${rows.length} features.`,
    axis: unit.words,
    domain: [0, high],
    ticks: ticks(0, high, 4).map((at) => ({ at, words: unit === UNITS.gain ? percent(at) : brief(at, 2) })),
    rows: drawn.map((row) => ({
      name: row.name,
      value: unit.said(row.value),
      marks: (place, y) => [
        hinted(
          `${row.name}: ${brief(row.value, 4)}`,
          svg("rect", {
            class: "plot-bar is-accent",
            x: place(0),
            width: Math.max(place(row.value) - place(0), 0.5),
            y: y - 5,
            height: 10,
            rx: 2,
          }),
        ),
      ],
    })),
  });
}

/** The numbers behind it. */
export function importanceTable(rows, unit) {
  return {
    head: ["Feature", unit.words],
    rows: rows.map((row) => [row.name, brief(row.value, 5)]),
  };
}
