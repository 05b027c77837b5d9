/** How long answers take: quantiles of every stage, and a histogram of one. */

import { brief, hinted, logTicks, picture, scale, svg, ticks, widthOf } from "./axis.js";
import { rowPlot } from "./rows.js";

const QUANTILES = ["p50_ms", "p90_ms", "p99_ms"];
const FLOOR_MS = 0.1;
const HISTOGRAM_PX = 200;
const [LEFT_PX, TOP_PX, BOTTOM_PX] = [40, 30, 40];

/** Routes and stages as rows, routes first, each in the order sent; those never timed left out. */
export function latencyRows(latency) {
  const named = Object.entries(latency).flatMap(([name, one]) =>
    "count" in one ? [[name, one]] : Object.entries(one),
  );
  return named
    .filter(([, one]) => one.count > 0)
    .map(([name, one]) => ({ name: name.replace("{freelancer_id}", "{id}"), isRoute: name.includes("/"), ...one }))
    .sort((one, other) => Number(other.isRoute) - Number(one.isRoute));
}

/** The picture of quantiles: a bar from the median to the slowest hundredth. */
export function latency(rows, { width }) {
  const known = rows.flatMap((row) => QUANTILES.map((one) => row[one] ?? lastEdge(row)));
  const low = Math.max(FLOOR_MS, Math.min(...known) / 1.5);
  const high = Math.max(low * 10, Math.max(...known) * 1.2);
  return rowPlot({
    width,
    title: "Latency by stage",
    description: rows
      .map((row) => `${row.name}: ${QUANTILES.map((one) => ms(row, one)).join(", ")} ms`)
      .join("; "),
    axis: "Milliseconds: p50, p90 and p99 (log scale)",
    kind: "log",
    domain: [low, high],
    ticks: logTicks(low, high, 8).map((at) => ({ at, words: brief(at) })),
    rows: rows.map((row) => ({
      name: row.name,
      value: `${ms(row, "p50_ms")} / ${ms(row, "p99_ms")}`,
      strong: row.isRoute,
      marks: (place, y) => [quantiles(row, place, y)],
    })),
  });
}

/** The numbers behind it. */
export function latencyTable(rows) {
  return {
    head: ["Route or stage", "Requests", "p50 ms", "p90 ms", "p99 ms"],
    rows: rows.map((row) => [
      row.name,
      row.count.toLocaleString("en"),
      ...QUANTILES.map((one) => ms(row, one)),
    ]),
  };
}

/** How many answers fell into each bucket; the counts of buckets rise, as Prometheus has them. */
export function bucketRows(row) {
  const buckets = [...(row?.buckets ?? [])].sort((one, other) => edge(one) - edge(other));
  const rising = buckets.every((one, index) => index === 0 || one.count >= buckets[index - 1].count);
  const cumulative = rising && buckets.at(-1)?.count === row.count;
  const counted = buckets.map((one, index) => ({
    from: index === 0 ? 0 : edge(buckets[index - 1]),
    to: edge(one),
    count: one.count - (cumulative && index > 0 ? buckets[index - 1].count : 0),
  }));
  return counted.filter((one) => one.to !== Infinity || one.count > 0);
}

/** The picture of buckets, side by side: their edges grow by steps, not evenly. */
export function histogram(rows, { width, name }) {
  const most = Math.max(...rows.map((row) => row.count));
  const y = scale([0, most], [HISTOGRAM_PX - BOTTOM_PX, TOP_PX]);
  const step = (width - LEFT_PX) / rows.length;
  const said = rows.map((row) => `${row.count} ${wordsOf(row)}`).join("; ");
  return picture(
    { width, height: HISTOGRAM_PX, title: `Time of ${name}`, description: said },
    svg("text", { class: "plot-title", x: 0, y: 12 }, `Requests by time, ${name}`),
    ticks(0, most, 3)
      .filter(Number.isInteger)
      .map((at) => [
        svg("line", { class: "plot-grid", x1: LEFT_PX, x2: width, y1: y(at), y2: y(at) }),
        svg(
          "text",
          { class: "plot-tick", x: LEFT_PX - 8, y: y(at), dy: "0.35em", "text-anchor": "end" },
          brief(at),
        ),
      ]),
    rows.map((row, index) => {
      const [x, words] = [LEFT_PX + index * step, labelOf(row)];
      const fits = step > 40 || index % 2 === 1;
      return [
        hinted(
          `${row.count} ${wordsOf(row)}`,
          svg("rect", {
            class: "plot-bar is-accent",
            x: x + 1,
            width: Math.max(step - 2, 1),
            y: y(row.count),
            height: y(0) - y(row.count),
            "data-count": row.count,
          }),
        ),
        fits
          ? svg(
              "text",
              { class: "plot-tick", x: x + step / 2, y: y(0) + 18, "text-anchor": "middle" },
              words,
            )
          : null,
      ];
    }),
    svg("text", { class: "plot-tick", x: width, y: HISTOGRAM_PX - 4, "text-anchor": "end" }, "ms"),
  );
}

function quantiles(row, place, y) {
  const [middle, ninth, last] = QUANTILES.map((one) => place(row[one] ?? Infinity));
  return hinted(
    `${row.name}: p50 ${ms(row, "p50_ms")}, p90 ${ms(row, "p90_ms")}, p99 ${ms(row, "p99_ms")} ms`,
    svg("line", { class: "plot-interval", x1: middle, x2: last, y1: y, y2: y }),
    svg("line", { class: "plot-interval is-thick", x1: middle, x2: ninth, y1: y, y2: y }),
    svg("circle", { class: "plot-dot", cx: middle, cy: y, r: 5 }),
    svg("line", { class: "plot-noise", x1: last, x2: last, y1: y - 5, y2: y + 5 }),
  );
}

/** A quantile in words; one that lies beyond the last bucket is only known to be over it. */
function ms(row, quantile) {
  return row[quantile] === null ? `>${brief(lastEdge(row))}` : brief(row[quantile]);
}

function lastEdge(row) {
  return Math.max(1, ...(row.buckets ?? []).map((one) => one.le_ms ?? 0));
}

function edge(bucket) {
  return Number.isFinite(bucket.le_ms) ? bucket.le_ms : Infinity;
}

function labelOf(row) {
  return row.to === Infinity ? `>${brief(row.from)}` : `≤${brief(row.to)}`;
}

function wordsOf(row) {
  return row.to === Infinity ? `over ${brief(row.from)} ms` : `up to ${brief(row.to)} ms`;
}
