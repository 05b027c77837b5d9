/**
 * What a brief can say, field by field: how it reads on a chip, and how a person changes it.
 *
 * `read` takes the values of the inputs and gives the changes to the job (or to the filters, where
 * `inFilters` says so), or throws a RangeError with a sentence about what is wrong.
 */

import { countryCodes, languageCodes } from "./codes.js";
import { budget, country, count, language, offset } from "./format.js";

const PAYMENTS = [["", "not said"], ["hourly", "per hour"], ["fixed", "fixed price"]];

export const FIELDS = [
  listField("skills", "Skill", "skill", (one) => one, (text) => [text.trim()].filter(Boolean), "such as PostgreSQL"),
  {
    name: "budget",
    label: "Budget",
    columns: ["payment", "budget_usd_min", "budget_usd_max"],
    words: budget,
    inputs: [
      { name: "budget_usd_min", label: "From, USD", type: "number", min: 0 },
      { name: "budget_usd_max", label: "To, USD", type: "number", min: 0 },
      { name: "payment", label: "Paid", choices: PAYMENTS },
    ],
    read(values) {
      const low = number(values.budget_usd_min);
      const high = number(values.budget_usd_max);
      if (low !== null && high !== null && low > high) throw new RangeError("The budget ends below where it begins.");
      return { budget_usd_min: low, budget_usd_max: high, payment: values.payment || null };
    },
  },
  single("weeks", "Duration", (weeks) => count(weeks, "week"), { label: "Weeks", type: "number", min: 0.1, max: 520 }),
  {
    ...single("weekly_hours", "Hours", ({ gte }) => `${gte} h a week or more`, { label: "Hours a week, at least", type: "number", min: 0, max: 168 }),
    inFilters: true,
    value: ({ weekly_hours: span }) => span?.gte ?? null,
    words: ({ weekly_hours: span }) => (span?.gte == null ? null : `${span.gte} h a week or more`),
    read: (values) => ({ weekly_hours: number(values.weekly_hours) === null ? null : { gte: number(values.weekly_hours) } }),
  },
  single("utc_offset_hours", "Time zone", offset, { label: "Hours from UTC", type: "number", min: -12, max: 14, step: 0.25 }),
  listField("languages", "Language", "language", language, languageCodes, "such as German"),
  {
    ...single("country", "Client’s country", country, { label: "Country", type: "text" }),
    read: (values) => ({ country: countryCodes(values.country)[0] ?? null }),
  },
  single("positions", "People", (positions) => count(positions, "person", "people"), { label: "People wanted", type: "number", min: 1, max: 1000, step: 1 }),
];

/** Where the value of a field is now, for the inputs that change it. */
export function valueOf(field, input, holder) {
  if (field.value) return field.value(holder);
  const value = holder[input.name];
  return value == null || Array.isArray(value) ? "" : value;
}

function single(name, label, words, input) {
  return {
    name,
    label,
    columns: [name],
    words: (job) => (job[name] == null ? null : words(job[name])),
    inputs: [{ name, ...input }],
    read: (values) => ({ [name]: input.type === "number" ? number(values[name]) : values[name].trim() || null }),
  };
}

function listField(name, label, noun, words, readOne, hint) {
  return {
    name,
    label,
    noun,
    columns: [name],
    isList: true,
    wordsOf: words,
    readOne,
    inputs: [{ name, label, type: "text", hint }],
  };
}

function number(text) {
  return text === "" || text === null ? null : Number(text);
}
