/** The Model page: what answers, how well it was measured to, and how it came to be. */

import { modelFigures } from "./modelfigures.js";
import { championCard, modelCard, staleness } from "./modelcards.js";
import { commands } from "./modelnotes.js";
import { request } from "./api.js";
import { h } from "./dom.js";
import { failure, skeleton } from "./states.js";

/**
 * Fill a page; what was there stays away until the answers have come.
 *
 * @param {HTMLElement} main
 * @param {{signal?: AbortSignal}} [about]
 */
export async function modelPage(main, { signal } = {}) {
  const body = h("div", { class: "page-body" }, skeleton("Reading the model's report", 6));
  main.replaceChildren(h("div", { class: "page" }, h("h1", { class: "page-title" }, "Model"), body));
  try {
    const [card, report] = await Promise.all([
      request("GET", "/v1/model", { signal }),
      request("GET", "/v1/model/report", { signal }),
    ]);
    body.replaceChildren(...sections(card, report, Date.now()));
  } catch (error) {
    if (signal?.aborted) return;
    body.replaceChildren(failure(error, () => modelPage(main, { signal })));
  }
}

function sections(card, report, now) {
  const { figures, unclaimed } = modelFigures(report, now);
  return [
    staleness(card, now),
    h("div", { class: "model-cards" }, modelCard(card, now), championCard(card, report)),
    unclaimed.length === 0
      ? null
      : h("ul", { class: "model-notes" }, ...unclaimed.map((note) => h("li", {}, ...commands(note)))),
    h("div", { class: "figures" }, ...figures),
  ].filter((one) => one !== null);
}
