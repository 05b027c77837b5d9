/**
 * Makes elements. Children are nodes or text, and text stays text: nothing here reads HTML.
 */

const SVG = "http://www.w3.org/2000/svg";

/** Paths on a grid of 16 by 16. */
const ICONS = {
  cross: "M4 4l8 8M12 4l-8 8",
  plus: "M8 3v10M3 8h10",
  up: "M4 10l4-4 4 4",
  down: "M4 6l4 4 4-4",
  left: "M10 4l-4 4 4 4",
  star: "M8 2.2l1.8 3.7 4 .6-2.9 2.8.7 4L8 11.4l-3.6 1.9.7-4L2.2 6.5l4-.6z",
  note: "M3 2.5h10v8l-3 3H3zM10 13.5v-3h3M5.5 5.5h5M5.5 8h3",
  clock: "M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2M8 5v3.2l2 1.3",
};

/**
 * An element.
 *
 * @param {string} tag
 * @param {Record<string, unknown>} [attrs] `class`, `data-x`, ...; null and false are left out, true is
 *   an empty attribute, functions under `onclick` and the like are listeners, and `vars` are CSS
 *   custom properties (the policy of the page forbids the attribute `style`).
 * @param {...(Node|string|number|null|undefined|false|Array)} children
 * @returns {HTMLElement}
 */
export function h(tag, attrs, ...children) {
  return filled(document.createElement(tag), attrs, children);
}

/** An element of SVG, likewise. */
export function s(tag, attrs, ...children) {
  return filled(document.createElementNS(SVG, tag), attrs, children);
}

/** A small picture beside a word; it says nothing to a screen reader. */
export function icon(name) {
  return s("svg", { class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true" }, s("path", { d: ICONS[name] }));
}

/** Text for screen readers alone. */
export function spoken(text) {
  return h("span", { class: "hidden-text" }, text);
}

/**
 * A button with words; with `icon` a picture before them, with `label` other words for who cannot see it.
 *
 * @param {string} words
 * @param {(event: Event) => void} act
 */
export function button(words, act, { kind = "", picture = null, label = null, ...attrs } = {}) {
  return h(
    "button",
    { type: "button", class: `button ${kind}`.trim(), "aria-label": label, onclick: act, ...attrs },
    picture && icon(picture),
    words,
  );
}

/**
 * A panel that folds; open from the start where the window is that wide.
 *
 * @returns {{root: HTMLElement, count: (words: string|number) => void}}
 */
export function folding(title, openFrom, ...children) {
  const counted = h("span", { class: "muted" });
  const isOpen = openFrom !== null && matchMedia(`(width >= ${openFrom})`).matches;
  const root = h("details", { class: "panel", open: isOpen }, h("summary", {}, h("h2", {}, title), counted), children);
  return { root, count: (words) => (counted.textContent = words) };
}

/** Puts children in the place of those that were there. */
export function fill(parent, ...children) {
  parent.replaceChildren();
  append(parent, children);
  return parent;
}

/** The same node that was asked for by id. */
export function byId(id) {
  return document.getElementById(id);
}

/** Loads a style sheet of `/console/css/` once; done when it applies, or cannot. */
export function stylesheet(name) {
  const href = `/console/css/${name}`;
  if (document.querySelector(`link[href="${href}"]`)) return Promise.resolve();
  return new Promise((done) => {
    document.head.append(h("link", { rel: "stylesheet", href, onload: done, onerror: done }));
  });
}

/** Says something at the edge of the page for a while; `action` adds a button. */
export function toast(words, action = null, seconds = 8) {
  const box = h("div", { class: "toast" }, h("span", {}, words));
  if (action) box.append(button(action.words, () => (box.remove(), action.act())));
  byId("toasts").append(box);
  setTimeout(() => box.remove(), seconds * 1000);
}

function filled(element, attrs, children) {
  for (const name in attrs) {
    const value = attrs[name];
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (name === "vars") for (const one in value) element.style.setProperty(one, value[one]);
    else element.setAttribute(name, value === true ? "" : value);
  }
  append(element, children);
  return element;
}

function append(parent, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(parent, child);
    else parent.append(child); // a string becomes a text node
  }
}
