/** Who was champion from when to when, and who was refused. */

import { day } from "../format.js";
import { hinted, svg } from "./axis.js";
import { rowPlot } from "./rows.js";

export const SHOWN = 12;
const HOUR_MS = 3_600_000;
const SHORT_MS = 72 * HOUR_MS;

/** Reigns and refusals as rows, the latest on top. */
export function historyRows(history) {
  const reigns = (history.reigns ?? []).map((one) => ({
    kind: "reign",
    version: one.version,
    from: Date.parse(one.since),
    to: one.until ? Date.parse(one.until) : null,
    how: one.how ?? "moved elsewhere",
    by: one.by,
    why: one.why,
  }));
  const refused = (history.refused ?? []).map((one) => ({
    kind: "refused",
    version: one.version,
    from: Date.parse(one.at),
    to: Date.parse(one.at),
    how: "refused",
    by: one.by ?? null,
    why: one.why,
  }));
  return [...reigns, ...refused].sort((one, other) => other.from - one.from);
}

/**
 * The picture: the latest rows.
 *
 * @param {ReturnType<typeof historyRows>} rows
 * @param {{width: number, now: number}} how `now` ends the reign that goes on.
 */
export function history(rows, { width, now }) {
  const drawn = rows.slice(0, SHOWN);
  const first = Math.min(...drawn.map((row) => row.from));
  const low = Math.min(first, now - HOUR_MS);
  const named = new Map(drawn.map((row) => [row, nameOf(row)]));
  return rowPlot({
    width,
    title: "History of champions",
    description: drawn.map((row) => `${named.get(row)} ${spanOf(row)}`).join("; "),
    axis: "Who was champion, and when",
    domain: [low, now],
    ticks: dates(low, now),
    rows: drawn.map((row) => ({
      name: named.get(row),
      value: row.kind === "refused" ? "refused" : row.to === null ? "champion" : row.how,
      strong: row.kind === "reign" && row.to === null,
      marks: (place, y) => [marksOf(row, place, y, now)],
    })),
  });
}

/** The numbers behind it. */
export function historyTable(rows) {
  return {
    head: ["Version", "From", "Until", "How", "By", "Why"],
    rows: rows.map((row) => [
      row.version ?? "nobody",
      day(row.from),
      row.kind === "refused" ? "–" : row.to === null ? "now" : day(row.to),
      row.how,
      row.by ?? "–",
      row.why ?? "–",
    ]),
  };
}

function marksOf(row, place, y, now) {
  const from = place(row.from);
  if (row.kind === "refused") {
    const cross = `M ${from - 5} ${y - 5} l 10 10 M ${from - 5} ${y + 5} l 10 -10`;
    return hinted(`${nameOf(row)} ${spanOf(row)}`, svg("path", { class: "plot-cross", d: cross }));
  }
  const to = place(row.to ?? now);
  return hinted(
    `${nameOf(row)} ${spanOf(row)}`,
    svg("rect", {
      class: row.version === null ? "plot-bar is-hollow" : "plot-bar",
      x: from,
      width: Math.max(to - from, 3),
      y: y - 6,
      height: 12,
      rx: 2,
    }),
  );
}

function nameOf(row) {
  return row.version === null ? "nobody" : `version ${row.version}`;
}

function spanOf(row) {
  if (row.kind === "refused") return `was refused on ${day(row.from)}`;
  return row.to === null
    ? `has been champion since ${day(row.from)}`
    : `was champion from ${day(row.from)} to ${day(row.to)}`;
}

function dates(low, high) {
  const marks = [0, 1 / 3, 2 / 3, 1].map((share) => low + share * (high - low));
  const seen = new Set();
  return marks
    .map((at) => ({ at, words: high - low < SHORT_MS ? moment(at) : day(at) }))
    .filter(({ words }) => !seen.has(words) && seen.add(words));
}

/** A day and the time on it, in UTC: "29 Nov, 23:01". */
function moment(at) {
  return `${day(at).replace(/ \d+$/, "")}, ${new Date(at).toISOString().slice(11, 16)}`;
}
