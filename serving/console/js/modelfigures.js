/** The figures of the Model page: each drawn from the report, or saying what would make it. */

import { button, h } from "./dom.js";
import { day } from "./format.js";
import { commands, sorted } from "./modelnotes.js";
import { emptyFigure, figure } from "./plots/figure.js";
import * as drifts from "./plots/drift.js";
import * as histories from "./plots/history.js";
import * as importances from "./plots/importance.js";
import * as ladders from "./plots/ladder.js";
import * as latencies from "./plots/latency.js";
import * as reliabilities from "./plots/reliability.js";

const MATCHES = "POST /v1/matches";
const UNCALIBRATED =
  "The hire probability was not trained: too few hires to calibrate on. Lists are ordered without it.";
const NO_PAIRS = "Nobody was retrieved for any of the jobs that had time to hire, so there is nothing to compare.";
const FALLBACK = {
  evaluation: "No evaluation of this bundle is on record; `matcher evaluate DIR --bundle BUNDLE` makes one.",
  importance: "This ranker has no gains to tell; `matcher train` fits trees where there are enough hires.",
  drift: "No drift of this bundle is on record; `matcher drift DIR --bundle BUNDLE` makes one.",
  history: "No candidate was ever compared; `matcher promote BUNDLE --market DIR` compares one.",
  latency: "No list was asked for since the service started; `POST /v1/matches` is one.",
};

/**
 * All figures in two columns, and the notes that are about none of them.
 *
 * The first column says how good, how honest and how fast; the second what counts, what moved and
 * who came before. On a narrow screen they follow each other.
 */
export function modelFigures(report, now) {
  const { about, unclaimed } = sorted(report.notes);
  const missing = (name, title) => emptyFigure(title, words(about[name], FALLBACK[name]));
  const evaluated = report.evaluation;
  const columns = [
    [
      evaluated ? ladderFigure(evaluated) : missing("evaluation", "Ladder"),
      evaluated ? reliabilityFigure(evaluated) : missing("evaluation", "Reliability"),
      latencyFigure(report.latency) ?? missing("latency", "Latency"),
    ],
    [
      importanceFigure(report) ?? missing("importance", "Feature importance"),
      report.drift ? driftFigure(report.drift) : missing("drift", "Drift"),
      historyFigure(report.history, now) ?? missing("history", "History"),
    ],
  ];
  return { columns, unclaimed };
}

function words(notes, fallback) {
  const said = notes.length > 0 ? notes : [fallback];
  return said.map((note) => h("p", {}, ...commands(capital(note))));
}

function ladderFigure(evaluated) {
  const rows = ladders.ladderRows(evaluated.systems);
  const { from, to, jobs, left_out: left } = evaluated.test;
  return figure({
    title: "Ladder",
    lead: ladders.ladderLead(rows, evaluated.ranker_minus ?? {}),
    pictures: [(size) => ladders.ladder(rows, size)],
    table: () => ladders.ladderTable(rows),
    note:
      `Judged on ${day(evaluated.judged_at)} on the ${jobs.toLocaleString("en")} ` +
      `jobs posted from ${day(from)} to ${day(to)}; ${left.toLocaleString("en")} that hired nobody from ` +
      "their pool are left out. Intervals are of 1,000 resamples of jobs." +
      (rows.some((row) => row.name === "oracle") ? " The oracle knows what the simulator drew from." : ""),
  });
}

function reliabilityFigure({ calibration }) {
  if (!calibration) return emptyFigure("Reliability", h("p", {}, UNCALIBRATED));
  const rows = reliabilities.reliabilityRows(calibration);
  if (rows.length === 0) return emptyFigure("Reliability", h("p", {}, NO_PAIRS));
  return figure({
    title: "Reliability",
    lead: reliabilities.reliabilityLead(calibration),
    pictures: [(size) => reliabilities.reliability(rows, size)],
    table: () => reliabilities.reliabilityTable(rows),
    note:
      "Above the diagonal more were hired than predicted, below it fewer. The area of a dot is its " +
      "number of candidates, its line the 95% interval. Scales are square roots.",
  });
}

function importanceFigure(report) {
  const told = report.evaluation?.importance ?? report.importance;
  const rows = importances.importanceRows(told ?? {});
  if (rows.length === 0) return null;
  const unit = importances.UNITS[report.evaluation ? "contribution" : "gain"];
  return expandable({
    title: "Feature importance",
    rows,
    first: importances.FIRST,
    lead: `${rows[0].name} counts most of ${rows.length.toLocaleString("en")} features.`,
    draw: (size) => importances.importance(rows, { ...size, unit }),
    table: () => importances.importanceTable(rows, unit),
    note: "What counts is not what causes: features that say the same share their importance.",
  });
}

function driftFigure(drifted) {
  const rows = drifts.driftRows(drifted.features);
  return expandable({
    title: "Drift",
    rows,
    first: drifts.FIRST,
    lead: drifts.driftLead(rows),
    draw: (size) => drifts.drift(rows, size),
    table: () => drifts.driftTable(rows),
    note:
      `Judged on ${day(drifted.judged_at)}${drifted.lists ? ` over ${drifted.lists.toLocaleString("en")} later lists` : ""}. ` +
      `From ${drifts.MODERATE} on (dashed) a shift is moderate, from ${drifts.LARGE} on large; the short ` +
      "upright mark is where chance alone ends, 95%. Diamonds moved beyond both.",
  });
}

function historyFigure(told, now) {
  const rows = histories.historyRows(told);
  if (rows.length === 0) return null;
  return figure({
    title: "History",
    pictures: [(size) => histories.history(rows, { ...size, now })],
    table: () => histories.historyTable(rows),
    note:
      "A bar is a reign, a cross a candidate that was refused. The latest are on top." +
      (rows.length > histories.SHOWN ? ` These are ${histories.SHOWN} of ${rows.length}; the numbers hold all.` : ""),
  });
}

function latencyFigure(told) {
  const rows = latencies.latencyRows(told);
  if (rows.length === 0) return null;
  const asked = rows.find((row) => row.name === MATCHES) ?? rows[0];
  const buckets = latencies.bucketRows(asked);
  return figure({
    title: "Latency",
    pictures: [
      (size) => latencies.latency(rows, size),
      ...(buckets.length === 0
        ? []
        : [(size) => latencies.histogram(buckets, { ...size, name: asked.name })]),
    ],
    table: () => latencies.latencyTable(rows),
    note:
      "Since the service started. The dot is the median, the thick line reaches to p90, the upright " +
      "mark is p99; all are read from buckets, so they are as fine as these.",
  });
}

/** A figure that shows its first rows, and all of them when asked. */
function expandable({ title, rows, first, lead, draw, table, note }) {
  let shown = first;
  const picture = (size) => draw({ ...size, shown });
  const all = `Show all ${rows.length.toLocaleString("en")}`;
  const toggle = button(all, () => {
    const isOpen = shown === first;
    shown = isOpen ? rows.length : first;
    toggle.textContent = isOpen ? `Show the first ${first}` : all;
    toggle.setAttribute("aria-expanded", String(isOpen));
    picture.again();
  });
  toggle.setAttribute("aria-expanded", "false");
  return figure({
    title,
    lead,
    pictures: [picture],
    table,
    note,
    controls: rows.length > first ? toggle : null,
  });
}

function capital(words) {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
