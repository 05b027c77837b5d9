/**
 * Who is not on the list, by which filter, and a way to have them back.
 */

import { button, fill, folding, h } from "./dom.js";
import { inWords, unknownInWords, without } from "./filters.js";
import { count } from "./format.js";

const UNKNOWN = "_unknown";

/**
 * @param {object} excluded Counts by reason, as the service gives them.
 * @param {object} filters
 * @param {(filters: object) => void} onRelax
 * @returns {HTMLElement[]} A line for each filter.
 */
export function excludedLines(excluded, filters, onRelax) {
  const names = [...new Set(Object.keys(excluded).map((one) => one.replace(UNKNOWN, "")))];
  return names.map((name) => {
    const said = [
      excluded[name] && `${count(excluded[name], "person", "people")} ${inWords(name, filters)}`,
      excluded[name + UNKNOWN] && `${count(excluded[name + UNKNOWN], "person", "people")} ${unknownInWords(name)}`,
    ].filter(Boolean);
    return h(
      "li",
      {},
      said.map((words) => h("p", {}, words)),
      button("Relax", () => onRelax(without(filters, name)), { kind: "quiet", label: `Relax: have back those ${inWords(name, filters)}` }),
    );
  });
}

/** The panel beside the list. */
export function excludedPanel(onRelax) {
  const lines = h("ul", { class: "excluded" });
  const { root, count: tell } = folding("Left out by filters", "64rem", lines);
  root.hidden = true;
  const draw = (excluded, filters) => {
    fill(lines, excludedLines(excluded, filters, onRelax));
    root.hidden = !lines.childElementCount;
    tell(lines.childElementCount);
  };
  return { root, draw };
}
