/** Cards of the Model page: what is served, who is champion, who was refused last. */

import { h } from "./dom.js";
import { ago, count, day } from "./format.js";
import { brief } from "./plots/axis.js";

const DAY_MS = 86_400_000;
const OLD_DAYS = 30;
const NEVER = "No bundle of this name was ever compared with another, so there is neither yet.";
const POLICIES = {
  ranker: "the ranker's score",
  expected_value: "the expected value: will come, will be hired, quality",
};

/** A warning where the data ended long ago; null where they did not. */
export function staleness(card, now) {
  const age = ageOf(card.data_as_of, now);
  if (age === null || age <= OLD_DAYS) return null;
  return h(
    "p",
    { class: "notice" },
    h("strong", {}, "The data are old. "),
    `They end on ${day(card.data_as_of)}, ${age.toLocaleString("en")} days ago: who is ` +
      "active or free by now is not known. Ingest what came since, or serve a newer bundle.",
  );
}

/** Name, version, digest and dates of what answers. */
export function modelCard(card, now) {
  return panel(
    "Serving now",
    h("p", { class: "model-name" }, `${card.name} `, h("span", {}, `version ${card.version}`)),
    facts([
      ["Learned until", card.until ? day(card.until) : "all that the bundle holds"],
      ["Data as of", card.data_as_of ? `${day(card.data_as_of)}, ${ago(card.data_as_of, now)}` : "no data"],
      ["Knows", `${count(card.freelancers, "freelancer")}, ${count(card.jobs, "job")}`],
      ["Features", card.features.length.toLocaleString("en")],
      ["Ordered by", POLICIES[card.policy] ?? card.policy],
      ["Hire probability", card.calibrated ? "calibrated" : "not trained: never shown"],
      ["Digest", h("code", {}, card.digest)],
    ]),
  );
}

/** Who is champion, whether it is what answers, and who was refused last. */
export function championCard(card, report) {
  const { reigns, refused } = report.history;
  if (reigns.length + refused.length === 0) {
    return panel("Champion and challenger", h("p", { class: "muted" }, NEVER));
  }
  const reign = reigns.find((one) => one.until === null) ?? null;
  return panel(
    "Champion and challenger",
    h("h3", {}, "Champion"),
    h("p", {}, championWords(card, reign)),
    reign && judgement(reign),
    h("h3", {}, "Challenger"),
    challengerWords(report.challenger),
  );
}

function championWords(card, reign) {
  if (reign === null || reign.version === null) return "None was chosen yet.";
  const is = reign.digest === undefined || reign.digest === card.digest;
  const how = [reign.how, reign.by && `by ${reign.by}`].filter(Boolean).join(" ");
  const since = `since ${day(reign.since)}${how ? ` (${how})` : ""}`;
  return is
    ? `What is served here, registered as version ${reign.version}, ${since}.`
    : `Version ${reign.version}, ${since}. This service answers with another bundle.`;
}

function challengerWords(challenger) {
  if (challenger === null) return h("p", {}, "None: no candidate was refused since the last promotion.");
  const when = challenger.at ? ` on ${day(challenger.at)}` : "";
  return [h("p", {}, `Version ${challenger.version} was refused${when}.`), judgement(challenger)];
}

/** Why, in a person's words, and what each check came to. */
function judgement({ why, figures }) {
  const checks = Object.entries(figures?.checks ?? {});
  return [
    why && h("p", { class: "muted small" }, "“", h("bdi", {}, why), "”"),
    checks.length > 0 && h("ul", { class: "checked-list" }, checks.map(([name, one]) => checked(name, one))),
  ];
}

function checked(name, one) {
  return h(
    "li",
    { class: one.holds ? "checked" : "checked is-failed" },
    h("span", { class: "checked-verdict" }, one.holds ? "held" : "failed"),
    ` ${name}${against(one)}`,
  );
}

function against(one) {
  if (typeof one.candidate !== "number" || typeof one.champion !== "number") return "";
  const interval = one.ci ? ` (difference ${one.ci.map((end) => brief(end, 2)).join(" to ")}, 95%)` : "";
  return `: ${brief(one.candidate)} against ${brief(one.champion)}${interval}`;
}

function panel(title, ...children) {
  const id = `panel-${title.toLowerCase().replaceAll(" ", "-")}`;
  return h(
    "section",
    { class: "panel", "aria-labelledby": id },
    h("h2", { id }, title),
    ...children,
  );
}

function facts(pairs) {
  return h(
    "dl",
    { class: "pairs" },
    ...pairs.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
  );
}

function ageOf(instant, now) {
  return instant ? Math.floor((now - Date.parse(instant)) / DAY_MS) : null;
}
