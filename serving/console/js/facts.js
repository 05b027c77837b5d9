/**
 * The facts of a person beside a job: chance, track record, rate, time, skills. Cards and the
 * comparison show the same.
 */

import { h, icon, spoken } from "./dom.js";
import { ago, beside, chanceWord, count, localTime, money, offset, percent, trimmed } from "./format.js";

const STARS = [1, 5];
const FEW = 10; // ratings
export const CLIENT_DAY_HOURS = 8; // 09 to 17

/** The chance of being hired: a word, a number, and a bar beside the best of the list. */
export function chance(match, scale) {
  const p = match.p_hire;
  if (p === null) return h("div", { class: "chance muted small" }, "no estimate of the chance");
  return h(
    "div",
    { class: "chance" },
    h("p", {}, h("strong", {}, chanceWord(p)), " ", h("span", { class: "num" }, percent(p))),
    h("div", { class: "bar", vars: { "--share": `${scale.top ? (100 * p) / scale.top : 0}%` } }),
    h("p", { class: "tiny muted" }, beside(p, scale.middle)),
  );
}

/** The rating to expect with its interval, and what it rests on. */
export function track(record) {
  if (!record) return h("div", { class: "track muted small" }, "track record not known");
  const { rating_expected: expected, rating_low: low, rating_high: high } = record;
  const hires = record.hires ? count(record.hires, "hire") : "no hires yet";
  if (expected === null) return h("div", { class: "track" }, h("p", {}, hires), h("p", { class: "tiny muted" }, "no ratings in this market"));
  const span = `${low.toFixed(1)}–${high.toFixed(1)}`;
  return h(
    "div",
    { class: "track" },
    h("p", { class: "num" }, h("strong", {}, expected.toFixed(1)), ` of 5 `, h("span", { class: "muted" }, `(${span})`)),
    h(
      "div",
      { class: "bar span", vars: { "--from": share(low), "--to": share(high), "--at": share(expected) } },
      spoken(`expected rating ${expected.toFixed(1)}, likely between ${low.toFixed(1)} and ${high.toFixed(1)}`),
    ),
    h("p", { class: "tiny muted num" }, `${hires} · ${record.ratings ? count(record.ratings, "rating") : "no ratings"}`),
  );
}

/** Track record, sentence by sentence. */
export function trackSentences(record) {
  if (!record) return [];
  const ends = [record.completed && `${record.completed} completed`, record.cancelled && `${record.cancelled} broken off`].filter(Boolean).join(", ");
  return [
    `${record.hires ? count(record.hires, "hire") : "No hires"} on record${ends ? `: ${ends}` : ""}.`,
    record.rating_mean !== null && `Rated ${trimmed(record.rating_mean, 2)} of 5 on average by ${count(record.ratings, "client")}.`,
    record.rating_expected !== null && `Expected: ${record.rating_expected.toFixed(1)}, likely ${record.rating_low.toFixed(1)} to ${record.rating_high.toFixed(1)}. ${restsOn(record.ratings)}`,
    record.hires_by_client > 0 && `Hired by this client before: ${record.hires_by_client}.`,
    record.last_hired_at && `Last hired ${ago(record.last_hired_at)}.`,
  ].filter(Boolean);
}

/** Why an expected rating is as wide as it is. */
function restsOn(ratings) {
  if (!ratings) return "Nobody has rated them here yet: this is what is usual.";
  return ratings < FEW ? "So few ratings make this wide, and pull it to what is usual here." : "The more ratings, the narrower this is.";
}

/** What somebody asks, beside what the job pays. */
export function rate(profile, job) {
  const asked = profile?.hourly_rate_usd;
  if (asked == null) return h("p", { class: "muted" }, "rate not known");
  const over = job.payment === "fixed" || job.budget_usd_max == null ? null : asked - job.budget_usd_max;
  return h(
    "p",
    { class: "num" },
    h("strong", {}, `${money(asked)} USD`),
    "/h ",
    over !== null && (over > 0 ? h("span", { class: "tag warn" }, `${trimmed(over, 2)} over`) : h("span", { class: "tag good" }, "in budget")),
  );
}

/** What a clock shows there, and how much of the client's day is theirs, too. */
export function time(match, profile) {
  const hours = profile?.utc_offset_hours;
  if (hours == null) return h("p", { class: "muted small" }, "time zone not known");
  const overlap = match.details.overlap_hours;
  return h(
    "p",
    { class: "small num", title: offset(hours) },
    icon("clock"),
    `${localTime(hours)} there`,
    overlap !== null && [h("br"), `${trimmed(overlap, 1)} of ${CLIENT_DAY_HOURS} h overlap`],
  );
}

/** Skills that the job asks for: solid where listed, outlined where not. */
export function skills(lists, most = Infinity) {
  const all = [...lists.matched.map((one) => [one, true]), ...lists.missing.map((one) => [one, false])];
  if (!all.length) return h("p", { class: "muted small" }, "the brief names no skills");
  const rest = all.length - most;
  return h(
    "ul",
    { class: "skills" },
    all.slice(0, most).map(([name, has]) => h("li", { class: has ? "tag good" : "tag missing" }, spoken(has ? "has " : "lacks "), name)),
    rest > 0 && h("li", { class: "tag" }, `${rest} more`),
  );
}

/** Where a rating lies on a bar from the worst to the best. */
function share(rating) {
  return `${(100 * (rating - STARS[0])) / (STARS[1] - STARS[0])}%`;
}
