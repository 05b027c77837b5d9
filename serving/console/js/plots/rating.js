/** The rating to expect of somebody, with the interval that so many ratings leave open. */

import { hinted, picture, scale, svg } from "./axis.js";

const [WORST, BEST] = [1, 5];
const [HEIGHT_PX, TRACK_PX, EDGE_PX] = [44, 14, 8];

/**
 * The picture.
 *
 * @param {{rating_expected: number, rating_low: number, rating_high: number, rating_mean: number | null,
 *   ratings: number}} record
 * @param {{width: number}} size
 */
export function rating(record, { width }) {
  const place = scale([WORST, BEST], [EDGE_PX, width - EDGE_PX]);
  const [low, at, high] = [record.rating_low, record.rating_expected, record.rating_high];
  const told = `Expected ${at.toFixed(1)} of ${BEST}, 90% interval ${low.toFixed(1)} to ${high.toFixed(1)}`;
  return picture(
    { width, height: HEIGHT_PX, title: "Rating to expect", description: told },
    svg("line", { class: "plot-track", x1: place(WORST), x2: place(BEST), y1: TRACK_PX, y2: TRACK_PX }),
    [1, 2, 3, 4, 5].map((star) => [
      svg("line", { class: "plot-grid", x1: place(star), x2: place(star), y1: TRACK_PX - 6, y2: TRACK_PX + 6 }),
      svg("text", { class: "plot-tick", x: place(star), y: HEIGHT_PX - 6, "text-anchor": "middle" }, star),
    ]),
    svg(
      "g",
      { class: "is-strong" },
      hinted(
        told,
        svg("line", { class: "plot-interval is-thick", x1: place(low), x2: place(high), y1: TRACK_PX, y2: TRACK_PX }),
        svg("circle", { class: "plot-dot", cx: place(at), cy: TRACK_PX, r: 6 }),
      ),
    ),
  );
}
