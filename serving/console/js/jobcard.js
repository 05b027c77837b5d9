/** An open job on a freelancer's list: what it pays, when they would meet, why it is there. */

import { h, icon } from "./dom.js";
import { CLIENT_DAY_HOURS, skills } from "./facts.js";
import { ago, budget, count, country, day, language, money, offset, trimmed } from "./format.js";
import { reasonList, strongest } from "./reasons.js";

const MOST_SKILLS = 12;
const LEAST_SHARE = 0.02;

/**
 * A card; `profile` is null where nothing is known of the freelancer.
 *
 * @param {object} match
 * @param {object | null} profile
 * @param {number} now The instant of the list, in milliseconds.
 */
export function jobCard(match, profile, now) {
  const { details } = match;
  const job = details?.job ?? null;
  const title = job?.title || match.job_id;
  return h(
    "li",
    { class: "panel job", tabindex: "-1", "data-id": match.job_id, "aria-label": `${match.rank}. ${title}` },
    h("span", { class: "job-rank num", "aria-hidden": "true" }, match.rank),
    h(
      "div",
      { class: "job-body" },
      h("div", { class: "job-head" }, h("h3", {}, title), h("p", { class: "small muted" }, about(match, job, now))),
      job && h("div", { class: "job-facts" }, pay(job, profile), meeting(details), asked(details.skills)),
      reasonList(strongest(telling(match.reasons), 3, 2)),
      job?.description && more(job.description),
    ),
  );
}

function about(match, job, now) {
  const facts = [
    job?.title && match.job_id,
    job?.category && h("bdi", {}, job.category),
    job?.country && country(job.country),
    job?.languages?.length > 0 && job.languages.map(language).join(", "),
    job?.posted_at && `posted ${ago(job.posted_at, now)}`,
    job?.closes_at && `closes ${day(job.closes_at)}`,
  ];
  return facts.filter(Boolean).map((fact, index) => [index > 0 && " · ", fact]);
}

function pay(job, profile) {
  const said = budget(job);
  const rate = profile?.hourly_rate_usd;
  const short = job.payment === "hourly" && rate != null && job.budget_usd_max != null ? rate - job.budget_usd_max : 0;
  return h(
    "p",
    { class: "num" },
    said === null ? h("span", { class: "small muted" }, "pay not known") : h("strong", {}, said),
    job.weeks != null && ` for ${count(job.weeks, "week")}`,
    short > 0 && [" ", h("span", { class: "tag warn" }, `${money(short)} USD/hour below what they ask`)],
  );
}

function meeting({ job, overlap_hours: overlap }) {
  const client = job.utc_offset_hours;
  if (client == null) return h("p", { class: "small muted" }, "the client's time zone is not known");
  const words =
    overlap == null
      ? `client at ${offset(client)}`
      : `${trimmed(overlap, 1)} of ${CLIENT_DAY_HOURS} h overlap with the client's day (${offset(client)})`;
  return h("p", { class: "small num job-meeting" }, icon("clock"), words);
}

/** Without those that hardly move the score beside the one that moves it most. */
function telling(reasons) {
  const most = Math.max(0, ...reasons.map(({ contribution }) => Math.abs(contribution)));
  return reasons.filter(({ contribution }) => Math.abs(contribution) >= LEAST_SHARE * most);
}

function asked(lists) {
  if (lists.matched.length + lists.missing.length > 0) return skills(lists, MOST_SKILLS);
  return h("p", { class: "small muted" }, "the job names no skills");
}

function more(description) {
  return h("details", { class: "small" }, h("summary", {}, "What the client wrote"), h("p", { class: "said" }, description));
}
