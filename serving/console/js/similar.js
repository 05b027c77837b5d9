/**
 * Past jobs that resemble this one: what the list learned from.
 */

import { fill, h } from "./dom.js";
import { count, day, percent } from "./format.js";

/** A section that is closed until somebody opens it, and not there without such jobs. */
export function similarPanel() {
  const lines = h("ul", { class: "similar" });
  const counted = h("span", { class: "muted" });
  const root = h("details", { class: "panel", hidden: true }, h("summary", {}, h("h2", {}, "Past jobs like this"), counted), lines);
  const draw = (jobs) => {
    root.hidden = !jobs.length;
    counted.textContent = String(jobs.length);
    fill(lines, jobs.map(line));
  };
  return { root, draw };
}

function line(job) {
  const facts = [`${percent(job.similarity)} alike`, day(job.posted_at), count(job.hires, "hire")];
  return h("li", {}, h("p", {}, job.title), h("p", { class: "small muted num" }, facts.join(" · ")));
}
