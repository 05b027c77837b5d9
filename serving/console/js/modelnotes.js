/** Notes of the model's report: which figure each is about, with its commands set as commands. */

import { h } from "./dom.js";

const ABOUT = {
  evaluation: /\bevaluation\b|matcher evaluate/,
  drift: /\bdrift\b/,
  history: /\bchampions?\b|matcher promote/,
  latency: /\bno list was asked\b|\blatency\b/,
  importance: /\bweighted sum\b|\bgains\b/,
};

/**
 * Words with what stands between backticks as code.
 *
 * @param {string} note
 * @returns {(string | HTMLElement)[]}
 */
export function commands(note) {
  return note
    .split("`")
    .map((part, index) => (index % 2 === 1 ? h("code", {}, part) : part))
    .filter((part) => part !== "");
}

/**
 * Notes by the figure that they are about; the first that fits takes a note.
 *
 * @param {string[]} notes
 * @returns {{about: Record<string, string[]>, unclaimed: string[]}}
 */
export function sorted(notes) {
  const about = Object.fromEntries(Object.keys(ABOUT).map((name) => [name, []]));
  const unclaimed = [];
  for (const note of notes) {
    const [name] = Object.entries(ABOUT).find(([, pattern]) => pattern.test(note)) ?? [];
    (name === undefined ? unclaimed : about[name]).push(note);
  }
  return { about, unclaimed };
}
