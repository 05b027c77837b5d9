/**
 * Rows of marks along one scale: the frame of most plots here.
 *
 * On a wide screen the names stand left of the marks, on a narrow one above them, so that the
 * scale always gets most of the room.
 */

import { fitted, picture, roomy, scale, svg, widthOf } from "./axis.js";

const NARROW_PX = 520;
const TOP_PX = 44;
const BOTTOM_PX = 8;
const GAP_PX = 12;
const EDGE_PX = 8;

/**
 * @typedef {object} Row
 * @property {string} name
 * @property {string} [value] Words at the right end.
 * @property {boolean} [strong] Whether it is the one to look at.
 * @property {(place: (value: number) => number, y: number) => Node[]} marks
 */

/**
 * Draw rows.
 *
 * @param {object} what
 * @param {number} what.width
 * @param {string} what.title
 * @param {string} what.description
 * @param {string} what.axis What the scale measures.
 * @param {Row[]} what.rows From the top.
 * @param {[number, number]} what.domain
 * @param {"linear" | "root" | "log"} [what.kind]
 * @param {{at: number, words: string}[]} what.ticks
 * @param {{at: number}[]} [what.limits] Dashed lines.
 * @param {boolean} [what.mono] Whether names are set in a fixed width.
 */
export function rowPlot(what) {
  const { width, rows, mono = false, limits = [] } = what;
  const narrow = width < NARROW_PX;
  const step = narrow ? 40 : 26;
  const height = TOP_PX + rows.length * step + BOTTOM_PX;
  const right = Math.max(0, ...rows.map((row) => widthOf(row.value ?? "", { bold: true })));
  const widest = Math.max(0, ...rows.map((row) => widthOf(row.name, { bold: true, mono })));
  const gutter = narrow ? 0 : Math.min(widest, width * 0.42);
  const start = gutter + (narrow ? EDGE_PX : GAP_PX);
  const end = width - EDGE_PX - (narrow ? 0 : right + GAP_PX);
  const place = scale(what.domain, [start, end], what.kind);
  return picture(
    { ...what, height },
    axisOf(what, place, { start, end, height }),
    limits.map(({ at }) => upright("plot-limit", place(at), height)),
    rows.map((row, index) => {
      const top = TOP_PX + index * step;
      const marksAt = narrow ? top + 27 : top + step / 2;
      const wordsAt = narrow ? top + 13 : marksAt;
      const room = narrow ? width - right - GAP_PX : gutter;
      return svg(
        "g",
        { class: row.strong ? "plot-row is-strong" : "plot-row", "data-row": row.name },
        svg("line", { class: "plot-track", x1: start, x2: end, y1: marksAt, y2: marksAt }),
        svg(
          "text",
          {
            class: mono ? "plot-name plot-mono" : "plot-name",
            x: narrow ? 0 : gutter,
            y: wordsAt,
            dy: "0.35em",
            "text-anchor": narrow ? "start" : "end",
          },
          fitted(row.name, room, { bold: row.strong, mono }),
        ),
        row.marks(place, marksAt),
        svg(
          "text",
          { class: "plot-value", x: width, y: wordsAt, dy: "0.35em", "text-anchor": "end" },
          row.value ?? "",
        ),
      );
    }),
  );
}

function axisOf({ axis, ticks }, place, { start, end, height }) {
  const fits = roomy(
    ticks.map(({ at }) => place(at)),
    ticks.map(({ words }) => widthOf(words)),
  );
  return svg(
    "g",
    { class: "plot-axis" },
    svg("text", { class: "plot-title", x: start, y: 12 }, axis),
    ticks.map(({ at, words }, index) => {
      const x = place(at);
      if (!fits[index]) return null;
      const anchor = x - start < 14 ? "start" : end - x < 14 ? "end" : "middle";
      return [
        upright("plot-grid", x, height),
        svg("text", { class: "plot-tick", x, y: 32, "text-anchor": anchor }, words),
      ];
    }),
  );
}

function upright(look, x, height) {
  return svg("line", { class: look, x1: x, x2: x, y1: TOP_PX - 6, y2: height - BOTTOM_PX });
}
