/**
 * What every plot shares: marks, scales, ticks, and the width of words.
 *
 * Plots are drawn at the width that they are given, in pixels, so text never shrinks with the
 * screen. Looks come from classes in css/plots.css; only places and sizes are attributes.
 */

import { s } from "../dom.js";

export const TEXT_PX = 12;
let plots = 0;
let brush = null;

/**
 * An SVG element as `s` of dom.js makes it, with places rounded to what can be seen.
 *
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes]
 * @param {...unknown} children
 * @returns {SVGElement}
 */
export function svg(tag, attributes = {}, ...children) {
  const drawn = Object.entries(attributes).map(([name, value]) => [
    name,
    typeof value === "number" ? round(value) : value,
  ]);
  return s(tag, Object.fromEntries(drawn), ...children);
}

/**
 * The picture around marks, with a name and a description for those who do not see it.
 *
 * @param {{width: number, height: number, title: string, description: string}} about
 * @param {...unknown} children
 */
export function picture({ width, height, title, description }, ...children) {
  plots += 1;
  const [name, told] = [`plot-${plots}-name`, `plot-${plots}-told`];
  return svg(
    "svg",
    {
      class: "plot",
      role: "img",
      width,
      height,
      viewBox: `0 0 ${round(width)} ${round(height)}`,
      "aria-labelledby": name,
      "aria-describedby": told,
    },
    svg("title", { id: name }, title),
    svg("desc", { id: told }, description),
    ...children,
  );
}

/** A mark that says its numbers when pointed at. */
export function hinted(words, ...children) {
  return svg("g", {}, svg("title", {}, words), ...children);
}

/**
 * A rising scale from values to places; what lies outside is drawn at the edge.
 *
 * @param {[number, number]} domain
 * @param {[number, number]} range
 * @param {"linear" | "root" | "log"} [kind] `root` opens up small shares, `log` spans of time.
 * @returns {(value: number) => number}
 */
export function scale([low, high], [start, end], kind = "linear") {
  const bend = { linear: (x) => x, root: (x) => Math.sqrt(Math.max(x, 0)), log: Math.log }[kind];
  const [from, to] = [bend(low), bend(high)];
  return (value) => {
    const clamped = Math.min(Math.max(value, low), high);
    const share = to > from ? (bend(clamped) - from) / (to - from) : 0;
    return start + share * (end - start);
  };
}

/** Round numbers from low to high, about so many; both ends may be left out. */
export function ticks(low, high, count = 5) {
  if (!(high > low)) return [low];
  const rough = (high - low) / Math.max(count, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5].find((one) => one * power >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => tidy((first + index) * step));
}

/** Ticks of a root scale from 0: 0, and 1, 2, 5, 10 and so on over the last two powers of ten. */
export function rootTicks(high) {
  return [0, ...steps(high / 100, high)];
}

/** 1, 2, 5, 10, 20 and so on within the ends; only the powers of ten where that is too many. */
export function logTicks(low, high, most = 6) {
  const all = steps(low, high);
  return all.length <= most ? all : all.filter((value) => Number.isInteger(tidy(Math.log10(value))));
}

/**
 * Ticks that keep apart from each other; where two are too close, the greater stays.
 *
 * @param {number[]} places Where each would be, in pixels.
 * @param {number[]} sizes How much room the words of each take.
 * @returns {boolean[]} Whether each has room.
 */
export function roomy(places, sizes, gap = 8) {
  let free = Infinity;
  const kept = places.map(() => false);
  for (const index of places.map((_, number) => number).reverse()) {
    const half = sizes[index] / 2;
    if (places[index] + half > free) continue;
    kept[index] = true;
    free = places[index] - half - gap;
  }
  return kept;
}

/** How wide words are in the page's own font. */
export function widthOf(words, { bold = false, mono = false } = {}) {
  brush ??= document.createElement("canvas").getContext("2d");
  const body = getComputedStyle(document.body);
  const family = mono ? body.getPropertyValue("--mono") || "monospace" : body.fontFamily;
  brush.font = `${bold ? 600 : 400} ${TEXT_PX}px ${family}`;
  return brush.measureText(words).width;
}

/** Words cut to a width, with an ellipsis where something is missing. */
export function fitted(words, width, look = {}) {
  if (widthOf(words, look) <= width) return words;
  let kept = [...words];
  while (kept.length > 1 && widthOf(`${kept.join("")}…`, look) > width) kept = kept.slice(0, -1);
  return `${kept.join("")}…`;
}

/** A number in few digits, without zeros that say nothing. */
export function brief(value, digits = 3) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const size = Math.floor(Math.log10(Math.abs(value)));
  if (size >= 3) return Math.round(value).toLocaleString("en");
  return String(Number(value.toFixed(Math.min(Math.max(digits - 1 - size, 0), 8))));
}

/** A share as a percentage, with decimals only where it is small. */
export function percent(share) {
  if (share === null || share === undefined || !Number.isFinite(share)) return "–";
  const value = share * 100;
  const digits = value === 0 || value >= 10 ? 0 : value >= 1 ? 1 : 2;
  return `${Number(value.toFixed(digits))}%`;
}

function steps(low, high) {
  const all = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += 1) {
    for (const digit of [1, 2, 5]) all.push(tidy(digit * 10 ** power));
  }
  return all.filter((value) => value >= low * 0.999 && value <= high * 1.001);
}

function tidy(value) {
  return Number(value.toPrecision(12));
}

function round(value) {
  return Math.round(value * 100) / 100;
}
