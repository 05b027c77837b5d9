/**
 * A search: what the address says of it, and how it becomes a list.
 *
 * @typedef {object} Search
 * @property {string} text The brief as typed.
 * @property {object|null} edits Fields of the job that a person changed.
 * @property {object|null} filters As chosen; null: as understood.
 * @property {number} k
 * @property {string|null} job The job that the brief became, once somebody acted.
 * @property {string|null} decision The list on the page, once somebody acted.
 * @property {string[]} earlier Lists of the same job before it, whose notes still count.
 * @property {string[]} compared Ids of people to compare.
 * @property {boolean} comparing Whether they are side by side.
 */

import { ApiError, ask } from "./api.js";
import { packed, unpacked } from "./url.js";

export const SIZES = [10, 25, 100, 1000];
export const MOST_COMPARED = 4;
const MOST_EARLIER = 5;

/** @returns {Search} */
export function fromParams(params) {
  const k = Number(params.k);
  return {
    text: params.q ?? "",
    edits: unpacked(params.e),
    filters: unpacked(params.f),
    k: SIZES.includes(k) ? k : SIZES[0],
    job: params.job || null,
    decision: (params.job && params.d) || null,
    earlier: words(params.w).slice(0, MOST_EARLIER),
    compared: words(params.c).slice(0, MOST_COMPARED),
    comparing: params.v === "compare",
  };
}

/** @param {Search} search */
export function toParams(search) {
  return {
    q: search.text,
    e: packed(search.edits),
    f: packed(search.filters),
    k: search.k === SIZES[0] ? null : String(search.k),
    job: search.job,
    d: search.decision,
    w: search.earlier.join(" "),
    c: search.compared.join(" "), // ids hold no blanks
    v: search.comparing ? "compare" : null,
  };
}

/** The same search with other wishes: its list is another, and the one before is remembered. */
export function changed(search, changes) {
  const earlier = [search.decision, ...search.earlier].filter(Boolean).slice(0, MOST_EARLIER);
  return { ...search, earlier, decision: null, comparing: false, ...changes };
}

/** What makes two searches ask for the same list. */
export function identity(search) {
  return JSON.stringify([search.text, search.edits, search.filters, search.k, search.job, search.decision]);
}

/** What the service understands of a text. */
export async function understand(text, signal) {
  return ask("POST", "/v1/briefs", { text }, { signal });
}

/** The job as understood, with what a person changed, without what is unknown. */
export function jobOf(search, understood) {
  const job = { ...understood.job, ...search.edits };
  const known = Object.entries(job).filter(([, value]) => value !== null && !(Array.isArray(value) && !value.length));
  return Object.fromEntries(known);
}

/** The filters that hold: chosen, or else understood. */
export function filtersOf(search, understood) {
  return search.filters ?? understood.filters ?? {};
}

/**
 * The list.
 *
 * A list that somebody acted on is asked for again as it was: its own request, as of its own instant.
 */
export async function list(search, understood, signal) {
  const record = search.decision && (await recordOf(search.decision, signal));
  if (!record) return ask("POST", "/v1/matches", { ...subject(search, understood), ...wishes(search, understood), details: true }, { signal });
  const seed = record.seed === null ? {} : { seed: record.seed };
  const again = { ...record.request, ...seed, as_of: record.as_of, details: true };
  const answer = await ask("POST", "/v1/matches", again, { signal });
  return { ...answer, decision_id: search.decision, warnings: record.warnings };
}

/** What is asked for beside the job itself. */
export function wishes(search, understood) {
  const filters = filtersOf(search, understood);
  const asked = { k: search.k, seed: seedOf(search) };
  return Object.keys(filters).length ? { ...asked, filters } : asked;
}

function subject(search, understood) {
  return search.job ? { job_id: search.job } : { job: jobOf(search, understood) };
}

async function recordOf(decision, signal) {
  try {
    return await ask("GET", `/v1/decisions/${encodeURIComponent(decision)}`, undefined, { signal });
  } catch (error) {
    if (error instanceof ApiError && [404, 409].includes(error.status)) return null; // too old, or of another service
    throw error;
  }
}

/** The same brief draws the same explored seats, whoever opens the address (FNV-1a, 32 bits). */
function seedOf(search) {
  let hash = 0x811c9dc5;
  for (const character of search.text) hash = Math.imul(hash ^ character.codePointAt(0), 0x01000193);
  return hash >>> 0;
}

function words(text) {
  return (text ?? "").split(" ").filter(Boolean);
}
