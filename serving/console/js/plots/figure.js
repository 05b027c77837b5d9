/** A plot on the page: a heading, what it comes to, the picture, and its numbers in a table. */

import { h } from "../dom.js";

let figures = 0;

/**
 * A section with a plot.
 *
 * @param {object} what
 * @param {string} what.title
 * @param {string | Node | null} [what.lead] What it comes to, in a sentence.
 * @param {((size: {width: number}) => SVGElement)[]} what.pictures Drawn anew when the width changes.
 * @param {() => {head: string[], rows: string[][]}} what.table Made when it is first opened.
 * @param {string | null} [what.note] How to read it.
 * @param {Node | null} [what.controls]
 */
export function figure({ title, lead = null, pictures, table, note = null, controls = null }) {
  return section(
    title,
    lead === null ? null : h("p", { class: "figure-lead" }, lead),
    controls,
    pictures.map(fluid),
    note === null ? null : h("p", { class: "figure-note" }, note),
    numbers(title, table),
  );
}

/** A section that says why there is nothing to draw, and what would change that. */
export function emptyFigure(title, ...words) {
  return section(title, h("div", { class: "figure-empty" }, ...words));
}

function section(title, ...children) {
  figures += 1;
  const id = `figure-${figures}`;
  return h(
    "section",
    { class: "panel figure", "aria-labelledby": id },
    h("h2", { id }, title),
    ...children,
  );
}

/**
 * A place for a picture that is drawn at its own width, and anew when that changes.
 *
 * It is drawn as soon as it stands on the page, before anything is painted, so nothing moves.
 */
export function fluid(draw) {
  const host = h("div", { class: "plot-host" });
  let drawnAt = 0;
  let drawing = draw;
  const redraw = (width) => {
    drawnAt = width;
    host.replaceChildren(drawing({ width }));
  };
  const fit = () => {
    const width = host.clientWidth;
    if (width > 0 && width !== drawnAt) redraw(width);
  };
  queueMicrotask(fit); // whoever made it has put it in its place by then
  new ResizeObserver(fit).observe(host);
  draw.again = () => {
    drawing = draw;
    if (drawnAt > 0) redraw(drawnAt);
  };
  return host;
}

function numbers(title, table) {
  const details = h("details", { class: "numbers" }, h("summary", {}, "Show the numbers"));
  details.addEventListener("toggle", () => details.append(tableOf(title, table())), { once: true });
  return details;
}

function tableOf(title, { head, rows }) {
  return h(
    "div",
    { class: "numbers-scroll", role: "region", tabindex: "0", "aria-label": `Numbers: ${title}` },
    h(
      "table",
      { class: "numbers-table" },
      h("caption", { class: "hidden-text" }, title),
      h("thead", {}, h("tr", {}, ...head.map((one) => h("th", { scope: "col" }, one)))),
      h(
        "tbody",
        {},
        ...rows.map(([first, ...others]) =>
          h("tr", {}, h("th", { scope: "row" }, first), ...others.map((one) => h("td", {}, one))),
        ),
      ),
    ),
  );
}
