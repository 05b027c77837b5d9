/**
 * What would raise a freelancer's chance: what the service found in the jobs that suit them, and
 * what it cannot know.
 */

import { h, icon } from "./dom.js";
import { svg } from "./plots/axis.js";

const LIMITS = "limits";
const KINDS = {
  skill: { words: "Skill", picture: "plus" },
  rate: { words: "Rate", picture: "up" },
  hours: { words: "Hours", picture: "clock" },
  languages: { words: "Languages", picture: "note" },
  profile: { words: "Profile", picture: "note" },
};

/**
 * The panel.
 *
 * @param {{kind: string, skill: string | null, jobs: number | null, of: number | null, text: string}[]} advice
 * @param {number} jobs How many open jobs are on the list.
 */
export function advicePanel(advice, jobs) {
  const found = advice.filter(({ kind }) => kind !== LIMITS);
  const limits = advice.filter(({ kind }) => kind === LIMITS);
  return h(
    "section",
    { class: "panel stack", "aria-labelledby": "advice-title" },
    h("h2", { id: "advice-title" }, "What would raise the chance"),
    found.length > 0 ? h("ul", { class: "advice" }, found.map(line)) : h("p", { class: "small muted" }, nothing(jobs)),
    limits.length > 0 &&
      h("div", { class: "limits small" }, h("h3", { class: "small" }, "What cannot be known"), limits.map(({ text }) => h("p", {}, text))),
  );
}

function line({ kind, jobs, of, text }) {
  const { words, picture } = KINDS[kind] ?? { words: kind, picture: "note" };
  const hasShare = jobs !== null && of > 0;
  return h(
    "li",
    {},
    h("span", { class: "advice-kind" }, icon(picture), words),
    h("p", {}, text),
    hasShare && h("div", { class: "advice-share" }, share(jobs / of), h("span", { class: "tiny muted num" }, `${jobs} of ${of} jobs`)),
  );
}

/** A bar as wide as a share of the room that it gets; the words beside it say the same. */
function share(part) {
  return svg(
    "svg",
    { class: "share", "aria-hidden": "true", height: 6 },
    svg("rect", { class: "share-all", width: "100%", height: 6, rx: 3 }),
    svg("rect", { class: "share-part", width: `${Math.round(100 * Math.min(part, 1))}%`, height: 6, rx: 3 }),
  );
}

function nothing(jobs) {
  return jobs === 0
    ? "Without open jobs to set the profile beside, nothing can be said."
    : "Nothing that the best open jobs ask for is missing from the profile, as far as the data tell.";
}
