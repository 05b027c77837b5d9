/** The Model page: what answers, how well it was measured to, and how it came to be. */

import { ask } from "./api.js";
import { fill, h, stylesheet } from "./dom.js";
import { championCard, modelCard, staleness } from "./modelcards.js";
import { modelFigures } from "./modelfigures.js";
import { commands } from "./modelnotes.js";
import { failure, skeleton } from "./waiting.js";

/** Draws the page; `state` as in main.js. */
export async function show(main, state) {
  await Promise.all([stylesheet("pages.css"), stylesheet("plots.css")]);
  const body = h("div", { class: "stack" }, skeleton("Reading the model's report", 6));
  fill(main, h("div", { class: "stack" }, h("h1", {}, "Model"), body));
  try {
    const [card, report] = await Promise.all(
      ["/v1/model", "/v1/model/report"].map((path) => ask("GET", path, undefined, { signal: state.signal })),
    );
    fill(body, sections(card, report, Date.now()));
  } catch (error) {
    if (state.signal.aborted) return;
    fill(body, failure(error, () => show(main, state)));
  }
}

function sections(card, report, now) {
  const { columns, unclaimed } = modelFigures(report, now);
  return [
    staleness(card, now),
    unclaimed.length > 0 && h("ul", { class: "notice" }, unclaimed.map((note) => h("li", {}, commands(note)))),
    h("div", { class: "model-cards" }, modelCard(card, now), championCard(card, report)),
    h("div", { class: "figures" }, columns.map((column) => h("div", { class: "stack" }, column))),
  ];
}
