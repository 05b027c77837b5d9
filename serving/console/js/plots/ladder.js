/** The ladder: how well each system ranks those who were hired, with 95% intervals. */

import { brief, hinted, svg, ticks } from "./axis.js";
import { rowPlot } from "./rows.js";

const OURS = "ranker";
const TRUTH = "oracle";

/** Systems as rows, the best first; ties by name. */
export function ladderRows(systems) {
  return Object.entries(systems)
    .map(([name, figures]) => ({
      name,
      value: figures["ndcg@10"],
      interval: figures["ndcg@10_ci"] ?? null,
      recall: figures["recall@100"],
      mrr: figures.mrr,
      jobs: figures.n_jobs,
    }))
    .sort((one, other) => other.value - one.value || one.name.localeCompare(other.name));
}

/** The picture; `rows` as `ladderRows` gives them. */
export function ladder(rows, { width }) {
  const ends = rows.map((row) => Math.max(row.value, row.interval?.[1] ?? 0));
  const high = Math.max(0.01, ...ends) * 1.04;
  return rowPlot({
    width,
    title: "Ladder of systems by NDCG@10",
    description: toldOf(rows),
    axis: "NDCG@10, with 95% interval",
    domain: [0, high],
    ticks: ticks(0, high, 5).map((at) => ({ at, words: brief(at, 2) })),
    rows: rows.map((row) => ({
      name: spoken(row.name),
      value: row.value.toFixed(3),
      strong: row.name === OURS,
      marks: (place, y) => [marked(row, place, y)],
    })),
  });
}

/** The numbers behind it. */
export function ladderTable(rows) {
  return {
    head: ["System", "NDCG@10", "95% interval", "Recall@100", "MRR", "Jobs"],
    rows: rows.map((row) => [
      spoken(row.name),
      row.value.toFixed(4),
      row.interval ? row.interval.map((end) => end.toFixed(4)).join(" to ") : "–",
      brief(row.recall, 4),
      brief(row.mrr, 4),
      row.jobs?.toLocaleString("en") ?? "–",
    ]),
  };
}

/**
 * What the ranker adds to the best of the rest, in a sentence; null without either.
 *
 * @param {ReturnType<typeof ladderRows>} rows
 * @param {Record<string, {"ndcg@10": number, ci: [number, number] | null}>} minus What the ranker
 *   adds to each system, job by job: a surer answer than two intervals side by side.
 */
export function ladderLead(rows, minus) {
  const ours = rows.find((row) => row.name === OURS);
  const rival = rows.find((row) => row.name !== OURS && row.name !== TRUTH);
  if (!ours || !rival) return null;
  const apart = minus[rival.name]?.["ndcg@10"] ?? ours.value - rival.value;
  const [low, high] = minus[rival.name]?.ci ?? [null, null];
  const side = apart >= 0 ? "above" : "below";
  const unsure = low !== null && low <= 0 && high >= 0;
  return (
    `The ranker reaches ${ours.value.toFixed(3)}, ${Math.abs(apart).toFixed(3)} ${side} ` +
    `${spoken(rival.name)}, the best of the rest` +
    (low === null ? "." : ` (95% interval of the difference: ${signed(low)} to ${signed(high)}).`) +
    (unsure ? " So many jobs cannot tell the two apart." : "")
  );
}

function signed(value) {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
}

function marked(row, place, y) {
  const [low, high] = row.interval ?? [row.value, row.value];
  const hollow = row.name === TRUTH ? "plot-dot is-hollow" : "plot-dot";
  return hinted(
    `${spoken(row.name)}: ${row.value.toFixed(4)} [${low.toFixed(4)} to ${high.toFixed(4)}]`,
    svg("line", { class: "plot-interval", x1: place(low), x2: place(high), y1: y, y2: y }),
    svg("circle", { class: hollow, cx: place(row.value), cy: y, r: 5 }),
  );
}

function toldOf(rows) {
  const said = rows.map((row) => `${spoken(row.name)} ${row.value.toFixed(3)}`);
  return `From the best down: ${said.join(", ")}.`;
}

function spoken(name) {
  return name.replaceAll("_", " ");
}
