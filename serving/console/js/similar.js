/**
 * Past jobs that resemble this one: what the list learned from.
 */

import { fill, folding, h } from "./dom.js";
import { count, day, percent } from "./format.js";

/** A section that is closed until somebody opens it, and not there without such jobs. */
export function similarPanel() {
  const lines = h("ul", { class: "similar" });
  const { root, count: tell } = folding("Past jobs like this", null, lines);
  root.hidden = true;
  const draw = (jobs) => {
    root.hidden = !jobs.length;
    tell(jobs.length);
    fill(lines, jobs.map(line));
  };
  return { root, draw };
}

function line(job) {
  const facts = [`${percent(job.similarity)} alike`, day(job.posted_at), count(job.hires, "hire")];
  return h("li", {}, h("p", {}, job.title), h("p", { class: "small muted num" }, facts.join(" · ")));
}
