/**
 * Who may be on the list at all. A filter applies as soon as its field is left.
 */

import { countryCodes, languageCodes, parts } from "./codes.js";
import { button, folding, h } from "./dom.js";
import { country, language, trimmed } from "./format.js";

const INPUTS = [
  { name: "rate", label: "Asks at most, USD/hour", type: "number", min: 0, read: (f) => f.hourly_rate_usd?.lte },
  { name: "hours", label: "Free at least, hours a week", type: "number", min: 0, max: 168, read: (f) => f.weekly_hours?.gte },
  { name: "languages", label: "Speaks all of", hint: "English, German", read: (f) => f.languages?.all.map(language).join(", ") },
  { name: "countries", label: "Lives in one of", hint: "Poland, PT", read: (f) => f.country?.in.map(country).join(", ") },
  { name: "skillsAll", label: "Lists all skills of", hint: "PostgreSQL, Django", read: (f) => f.skills?.all?.join(", ") },
  { name: "skillsAny", label: "Lists one skill of", hint: "Redis, RabbitMQ", read: (f) => f.skills?.any?.join(", ") },
];
const ZONES = [
  { name: "west", label: "Time zone from UTC", type: "number", min: -12, max: 14, step: 0.25, read: (f) => f.utc_offset_hours?.gte },
  { name: "east", label: "to UTC", type: "number", min: -12, max: 14, step: 0.25, read: (f) => f.utc_offset_hours?.lte },
];

/**
 * @param {(filters: object) => void} onChange
 * @returns {{root: HTMLElement, draw: (filters: object) => void}}
 */
export function filterForm(onChange) {
  const said = h("p", { class: "minus small", role: "alert" });
  const clear = button("Clear all", () => onChange({}), { kind: "quiet" });
  let shown = {};
  const apply = () => {
    said.textContent = "";
    if (!form.reportValidity()) return;
    try {
      const next = written(new FormData(form), shown);
      if (JSON.stringify(next) !== JSON.stringify(shown)) onChange(next);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      said.textContent = error.message;
    }
  };
  const form = h(
    "form",
    { class: "stack", onchange: apply, onsubmit: (event) => (event.preventDefault(), apply()) },
    INPUTS.map(field),
    h("div", { class: "pair" }, ZONES.map(field)),
    said,
    h("div", { class: "row" }, h("button", { class: "button" }, "Apply"), clear),
  );
  const { root, count } = folding("Filters", "64rem", form);
  const draw = (filters) => {
    for (const one of [...INPUTS, ...ZONES]) {
      const [before, now] = [one.read(shown) ?? "", one.read(filters) ?? ""];
      if (before !== now) form.elements[one.name].value = now; // elsewhere somebody may be typing
    }
    shown = filters;
    said.textContent = "";
    const many = Object.keys(filters).length;
    count(many ? `${many} on` : "none");
    clear.disabled = !many;
  };
  return { root, draw };
}

/** Filters without one of them, or without one half of `skills`. */
export function without(filters, name) {
  const [base, half] = name.startsWith("skills_") ? ["skills", name.slice(7)] : [name, null];
  const next = structuredClone(filters);
  if (half && next.skills) delete next.skills[half];
  if (!half || !Object.keys(next.skills ?? {}).length) delete next[base];
  return next;
}

/** Whom a filter leaves out: "asking over 50 USD/hour". */
export function inWords(name, filters) {
  const span = filters[name] ?? {};
  const between = (unit) => [span.gte != null && `under ${trimmed(span.gte, 2)}${unit}`, span.lte != null && `over ${trimmed(span.lte, 2)}${unit}`].filter(Boolean).join(" or ");
  const words = {
    hourly_rate_usd: () => `asking ${between(" USD/hour")}`,
    weekly_hours: () => `free ${between(" hours a week")}`,
    utc_offset_hours: () => `living ${between(" hours from UTC")}`,
    languages: () => `not speaking ${filters.languages.all.map(language).join(" and ")}`,
    country: () => `living elsewhere than ${filters.country.in.map(country).join(", ")}`,
    skills_all: () => `not listing ${filters.skills.all.join(" and ")}`,
    skills_any: () => `listing none of ${filters.skills.any.join(", ")}`,
    exclude: () => "left out by name",
  };
  try {
    return words[name]();
  } catch {
    return `failing the filter on ${name}`; // a filter that this page does not know
  }
}

/** Likewise, of those of whom it is not known. */
export function unknownInWords(name) {
  const nouns = { hourly_rate_usd: "rate", weekly_hours: "hours", utc_offset_hours: "time zone", languages: "languages", country: "country", skills_all: "skills", skills_any: "skills" };
  return `with unknown ${nouns[name] ?? name}`;
}

function field({ name, label, type = "text", min, max, step = "any", hint }) {
  const control = h("input", { name, type, min, max, step: type === "number" ? step : null, placeholder: hint, autocomplete: "off" });
  return h("label", { class: "field" }, h("span", {}, label), control);
}

function written(data, shown) {
  const number = (name) => (data.get(name) === "" ? null : Number(data.get(name)));
  const all = parts(data.get("skillsAll"));
  const any = parts(data.get("skillsAny"));
  const languages = languageCodes(data.get("languages"));
  const countries = countryCodes(data.get("countries"));
  const next = {
    hourly_rate_usd: span(shown.hourly_rate_usd?.gte ?? null, number("rate")),
    weekly_hours: span(number("hours"), shown.weekly_hours?.lte ?? null),
    languages: languages.length ? { all: languages } : null,
    country: countries.length ? { in: countries } : null,
    skills: all.length || any.length ? { ...(all.length && { all }), ...(any.length && { any }) } : null,
    utc_offset_hours: span(number("west"), number("east")),
    exclude: shown.exclude ?? null,
  };
  return Object.fromEntries(Object.entries(next).filter(([, value]) => value !== null));
}

function span(gte, lte) {
  return gte === null && lte === null ? null : { ...(gte !== null && { gte }), ...(lte !== null && { lte }) };
}
