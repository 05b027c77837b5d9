/**
 * Numbers, times and probabilities as people read them.
 */

const WORDS = [
  [0.01, "remote"],
  [0.05, "unlikely"],
  [0.2, "possible"],
  [0.5, "fair"],
  [0.8, "likely"],
  [Infinity, "very likely"],
];
const INSTANT = /\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)/g;
const HOUR_MS = 3_600_000;

/** A word for a probability; null where there is none. The words do not flatter: 3% is "unlikely". */
export function chanceWord(p) {
  return p === null ? null : WORDS.find(([below]) => p < below)[1];
}

/** 0.034 is "3%", 0.0004 "under 0.1%". */
export function percent(p) {
  if (p > 0 && p < 0.001) return "under 0.1%";
  if (p < 0.01) return `${(p * 100).toFixed(1)}%`;
  return p > 0.99 && p < 1 ? "over 99%" : `${Math.round(p * 100)}%`;
}

/** How a chance compares with the middle of the list that it is on. */
export function beside(p, middle) {
  if (p === null || !middle) return "";
  const times = p / middle;
  if (times >= 10) return "over 10 × the list’s middle";
  if (times >= 1.25) return `${trimmed(times, 1)} × the list’s middle`;
  if (times > 0.8) return "at the list’s middle";
  return "below the list’s middle";
}

/** The middle one of some numbers; null of none. */
export function median(numbers) {
  if (!numbers.length) return null;
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** 1234.5 is "1,234.50", 40 is "40". */
export function money(amount) {
  const places = Number.isInteger(amount) ? 0 : 2;
  return amount.toLocaleString("en", { minimumFractionDigits: places, maximumFractionDigits: places });
}

/** A budget in words; null where nothing is known of it. */
export function budget({ payment, budget_usd_min: low, budget_usd_max: high }) {
  if (low == null && high == null) return payment ? { hourly: "hourly", fixed: "fixed price" }[payment] : null;
  const span = low == null ? `up to ${money(high)}` : high == null ? `from ${money(low)}` : low === high ? money(low) : `${money(low)}–${money(high)}`;
  return `${span} USD${{ hourly: "/hour", fixed: " fixed" }[payment] ?? ""}`;
}

/** A number with at most so many places, without zeros at the end. */
export function trimmed(number, places) {
  return String(Number(number.toFixed(places)));
}

/** "UTC+5:30". */
export function offset(hours) {
  const minutes = Math.round(Math.abs(hours) * 60);
  const rest = minutes % 60 ? `:${String(minutes % 60).padStart(2, "0")}` : "";
  return `UTC${hours < 0 ? "−" : "+"}${Math.floor(minutes / 60)}${rest}`;
}

/** What a clock shows there, "14:05". */
export function localTime(hours, now = Date.now()) {
  return new Date(now + hours * HOUR_MS).toISOString().slice(11, 16);
}

/** A day, "3 Mar 2026". */
export function day(instant) {
  return new Date(instant).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}

/** A moment, "3 Mar 2026, 14:05 UTC". */
export function moment(instant) {
  return `${day(instant)}, ${new Date(instant).toISOString().slice(11, 16)} UTC`;
}

/** A warning of the service as a sentence: its instants as days, its fields as what they mean. */
export function plainWarning(warning) {
  const words = warning.replace(INSTANT, (instant) => day(instant)).replace(/\bas_of\b/g, "the day asked for");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.!?]$/.test(words) ? "" : "."}`;
}

/** How long ago, in the largest unit that fits. */
export function ago(instant, now = Date.now()) {
  const days = Math.floor((now - Date.parse(instant)) / (24 * HOUR_MS));
  if (days < 1) return "today";
  if (days < 60) return count(days, "day") + " ago";
  return days < 730 ? count(Math.round(days / 30.4), "month") + " ago" : count(Math.floor(days / 365), "year") + " ago";
}

/** "1 hire", "2 hires", "1,200 hires". */
export function count(number, noun, plural = `${noun}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? noun : plural}`;
}

const namesOf = (type) => {
  try {
    return new Intl.DisplayNames("en", { type, fallback: "code" });
  } catch {
    return null;
  }
};
const LANGUAGES = namesOf("language");
const COUNTRIES = namesOf("region");

/** "de" is "German"; what is no code stays as it is. */
export function language(code) {
  return named(LANGUAGES, code);
}

/** "PL" is "Poland". */
export function country(code) {
  return named(COUNTRIES, code);
}

function named(names, code) {
  try {
    return names?.of(code) ?? code;
  } catch {
    return code;
  }
}
