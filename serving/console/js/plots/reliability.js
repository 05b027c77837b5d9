/**
 * Reliability: of those who were given a probability, how many were hired.
 *
 * Hires are rare, so both scales are square roots: what lies near 0 stays apart.
 *
 * Source: Wilson, JASA 1927, doi:10.1080/01621459.1927.10502953 (intervals of shares).
 */

import { TEXT_PX, hinted, percent, picture, rootTicks, roomy, scale, svg, widthOf } from "./axis.js";

const Z = 1.959964;
const TALLEST_PX = 400;
const [LEFT_PX, RIGHT_PX, TOP_PX, BOTTOM_PX] = [48, 16, 30, 44];

/** Bins that rise in what was predicted; those of one prediction are one. */
export function reliabilityRows(calibration) {
  const bins = new Map();
  for (const one of calibration.reliability) {
    const same = bins.get(one.predicted);
    const n = one.n + (same?.n ?? 0);
    const hired = one.n * one.observed + (same ? same.n * same.observed : 0);
    const given = same ? null : (one.observed_ci ?? one.ci ?? null);
    bins.set(one.predicted, { predicted: one.predicted, observed: hired / n, n, given });
  }
  return [...bins.values()]
    .map((row) => ({ ...row, interval: row.given ?? wilson(row.observed, row.n) }))
    .sort((one, other) => one.predicted - other.predicted);
}

/** The picture; `rows` as `reliabilityRows` gives them. */
export function reliability(rows, { width }) {
  const side = Math.min(width, TALLEST_PX + LEFT_PX);
  const height = TALLEST_PX;
  const high = 1.05 * Math.max(1e-4, ...rows.map((row) => Math.max(row.predicted, row.interval[1])));
  const x = scale([0, high], [LEFT_PX, side - RIGHT_PX], "root");
  const y = scale([0, high], [height - BOTTOM_PX, TOP_PX], "root");
  const most = Math.max(...rows.map((row) => row.n));
  return picture(
    { width, height, title: "Reliability of the hire probability", description: toldOf(rows) },
    gridOf(high, x, y, { side, height }),
    svg("line", { class: "plot-diagonal", x1: x(0), y1: y(0), x2: x(high), y2: y(high) }),
    diagonalWords(x, y, high),
    rows.map((row) => dotOf(row, x, y, most)),
  );
}

/** The numbers behind it. */
export function reliabilityTable(rows) {
  return {
    head: ["Predicted", "Hired", "95% interval", "Candidates"],
    rows: rows.map((row) => [
      percent(row.predicted),
      percent(row.observed),
      row.interval.map(percent).join(" to "),
      row.n.toLocaleString("en"),
    ]),
  };
}

/** How far the probabilities are off, in a sentence. */
export function reliabilityLead(calibration) {
  const pairs = calibration.pairs.toLocaleString("en");
  return (
    `Over ${pairs} candidates of whom ${percent(calibration.base_rate)} were hired, ` +
    `the probability is off by ${percent(calibration.ece)} on average.`
  );
}

/** The 95% interval of a share. */
function wilson(share, n) {
  const middle = (share + Z ** 2 / (2 * n)) / (1 + Z ** 2 / n);
  const half = (Z * Math.sqrt((share * (1 - share)) / n + Z ** 2 / (4 * n ** 2))) / (1 + Z ** 2 / n);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

function dotOf(row, x, y, most) {
  const at = x(row.predicted);
  const [low, high] = row.interval;
  return hinted(
    `Predicted ${percent(row.predicted)}, hired ${percent(row.observed)} ` +
      `[${percent(low)} to ${percent(high)}] of ${row.n.toLocaleString("en")}`,
    svg("line", { class: "plot-interval", x1: at, x2: at, y1: y(low), y2: y(high) }),
    svg("circle", {
      class: "plot-dot is-strong",
      cx: at,
      cy: y(row.observed),
      r: 3.5 + 4.5 * Math.sqrt(row.n / most),
      "data-n": row.n,
    }),
  );
}

function gridOf(high, x, y, { side, height }) {
  const marked = rootTicks(high);
  const words = marked.map(percent);
  const across = roomy(marked.map(x), words.map((one) => widthOf(one)));
  const up = roomy(marked.map((at) => -y(at)), marked.map(() => TEXT_PX));
  const said = (attributes, index) => svg("text", { class: "plot-tick", ...attributes }, words[index]);
  return svg(
    "g",
    { class: "plot-axis" },
    svg("text", { class: "plot-title", x: 0, y: 12 }, "Hired"),
    svg(
      "text",
      { class: "plot-title", x: side - RIGHT_PX, y: height - 6, "text-anchor": "end" },
      "Predicted probability of a hire",
    ),
    marked.map((at, index) => [
      up[index] && [
        svg("line", { class: "plot-grid", x1: x(0), x2: side - RIGHT_PX, y1: y(at), y2: y(at) }),
        said({ x: LEFT_PX - 8, y: y(at), dy: "0.35em", "text-anchor": "end" }, index),
      ],
      across[index] && [
        svg("line", { class: "plot-grid", x1: x(at), x2: x(at), y1: TOP_PX, y2: y(0) }),
        said({ x: x(at), y: y(0) + 20, "text-anchor": "middle" }, index),
      ],
    ]),
  );
}

function diagonalWords(x, y, high) {
  const at = high * 0.36;
  return svg("text", { class: "plot-tick", x: x(at) + 10, y: y(at) + 14 }, "as predicted");
}

function toldOf(rows) {
  const said = rows.map((row) => `${percent(row.predicted)} predicted, ${percent(row.observed)} hired`);
  return `Bins from the lowest: ${said.slice(0, 12).join("; ")}.`;
}
