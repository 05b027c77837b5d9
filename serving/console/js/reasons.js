/**
 * Why somebody is on the list: reasons and doubts in sentences, and the profile's own words.
 */

import { h, spoken } from "./dom.js";
import { percent } from "./format.js";

const SOURCES = {
  profile: "profile",
  memory: "similar past jobs",
  words: "words of the profile",
  lexical: "words of past jobs",
  interest: "similar applications",
  prior: "activity",
  newcomer: "newcomer seat",
};
const FACTORS = {
  p_accept: (p) => `Would take it: ${percent(p)}`,
  p_hire_given_accept: (p) => `Is hired then: ${percent(p)}`,
  quality: (p) => `Quality of the work: ${percent(p)} of the scale`,
};
const WORD = /[\p{L}\p{N}][\p{L}\p{N}+#.'’-]*/gu;
const COMMON = new Set(
  "about after also and any are but can could for from had has have here how into its just like make more most must need needs not now off one only our out over should some than that the their them then there these they this those through under use want was well were what when where which while who will with work would you your week weeks hour hours month english".split(" "),
);

/** The words of a job that are worth finding in a profile. */
export function wordsOf(job) {
  const text = [job.title, job.description, ...(job.skills ?? [])].filter(Boolean).join(" ");
  const found = (text.match(WORD) ?? []).map(plain).filter((word) => word.length > 2 && !COMMON.has(word) && !/^\d/.test(word));
  return new Set(found);
}

/** Text with those words marked, as nodes: whatever stands in it stays text. */
export function marked(text, words) {
  const parts = [];
  let from = 0;
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (!words.has(plain(word))) continue;
    if (index > from) parts.push(text.slice(from, index));
    parts.push(h("mark", {}, word));
    from = index + word.length;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}

/** The sentence of a profile that says most of the job's words; null if none says two. */
export function quote(text, words, longest = 180) {
  let best = null;
  let most = 1;
  for (const sentence of (text ?? "").split(/(?<=[.!?])\s+|\n+/)) {
    const said = new Set((sentence.match(WORD) ?? []).map(plain).filter((word) => words.has(word))).size;
    if (said > most) [best, most] = [sentence, said];
  }
  return best && best.length > longest ? `${best.slice(0, longest).replace(/\s\S*$/u, "")}…` : best;
}

/** The strongest few, those for before those against. */
export function strongest(reasons, pros, cons) {
  const by = (sign, many) => reasons.filter((one) => Math.sign(one.contribution) === sign).sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)).slice(0, many);
  return [...by(1, pros), ...by(-1, cons)];
}

/** Reasons as a list of sentences. */
export function reasonList(reasons, kind = "reasons") {
  return h("ul", { class: kind }, reasons.map(line));
}

/** What the factors of a match are, and what raised and lowered each. */
export function factorList(match) {
  const known = Object.entries(match.factors).filter(([name, value]) => value !== null && name in FACTORS);
  return known.map(([name, value]) =>
    h("section", {}, h("h4", {}, FACTORS[name](value)), reasonList(match.factor_reasons[name] ?? [])),
  );
}

/** By what somebody was found, in words. */
export function sourcesInWords(sources) {
  return sources.map((one) => SOURCES[one] ?? one).join(", ");
}

function line({ contribution, text }) {
  const isFor = contribution > 0;
  return h(
    "li",
    { class: isFor ? "reason plus" : "reason minus" },
    h("span", { class: "sign", "aria-hidden": "true" }, isFor ? "+" : "−"),
    spoken(isFor ? "For: " : "Against: "),
    h("span", { class: "reason-words" }, text),
  );
}

function plain(word) {
  return word.toLowerCase().replace(/[.'’-]+$/u, "");
}
