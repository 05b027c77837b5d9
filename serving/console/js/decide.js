/**
 * What people decide, written as events and overrides, and read back from them.
 *
 * The brief becomes a job with the first act; the list is then asked for about that job, so that the
 * decision on record is the one that was acted on. Nothing is ever taken back: a later event wins.
 *
 * @typedef {object} Standing What was decided about a person.
 * @property {"shortlisted"|"dismissed"|null} status
 * @property {boolean} invited
 * @property {{at: string, rate: number|null}|null} hired
 * @property {Array<{at: string, by: string, text: string}>} notes
 */

import { ApiError, ask, withQuery } from "./api.js";
import { session } from "./signin.js";

const STATUS = { shortlisted: "shortlisted", rejected: "dismissed" };
const SIGNATURE = "matcher.by";
const NOTHING = Object.freeze({ status: null, invited: false, hired: null, notes: [] });
const PAGE = 500;

/** Whose decisions these are: the key's name, or what the person signs with. */
export function signature() {
  if (session().name) return session().name;
  try {
    return localStorage.getItem(SIGNATURE) || "recruiter";
  } catch {
    return "recruiter";
  }
}

/** Signs with other words from now on. */
export function sign(name) {
  try {
    localStorage.setItem(SIGNATURE, name.trim().slice(0, 200));
  } catch {
    // a browser that keeps nothing signs as before
  }
}

/** What was decided about one job. */
export class Desk {
  #events = new Map();
  #overrides = [];
  #shown = new Map(); // ids by decision: a note goes to a list that its person was on
  #turn = Promise.resolve();

  /** Reads what is on record of a job and of lists about it. */
  async load(job, decisions, signal) {
    const [events, records] = await Promise.all([eventsOf(job, signal), recordsOf(decisions, signal)]);
    this.#events = new Map(events.map((one) => [one.event_id, one]));
    this.#overrides = records.flatMap((one) => one.overrides).sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
    this.#shown = new Map(records.map((one) => [one.decision_id, one.shown.map(({ id }) => id)]));
  }

  /** @returns {Standing} */
  of(person) {
    const mine = this.#inOrder().filter((one) => one.freelancer_id === person);
    const notes = this.#overrides
      .filter(({ order, reason }) => order.length === 1 && order[0] === person && reason)
      .map(({ at, by, reason }) => ({ at, by, text: reason }));
    if (!mine.length && !notes.length) return NOTHING;
    const last = mine.findLast((one) => one.kind in STATUS);
    const hire = mine.findLast((one) => one.kind === "hired");
    return {
      status: last ? STATUS[last.kind] : null,
      invited: mine.some((one) => one.kind === "invited"),
      hired: hire ? { at: hire.at, rate: hire.value } : null,
      notes,
    };
  }

  /** Everybody about whom something was decided. */
  people() {
    return [...new Set([...this.#inOrder().map((one) => one.freelancer_id), ...this.#overrides.filter((one) => one.order.length === 1).map((one) => one.order[0])])];
  }

  /** Who is shortlisted, in the order that people gave them, else as they were shortlisted. */
  shortlist() {
    const wanted = this.#overrides.findLast((one) => one.order.length > 1)?.order ?? [];
    const place = (person) => (wanted.includes(person) ? wanted.indexOf(person) : wanted.length);
    const chosen = this.people().filter((person) => this.of(person).status === "shortlisted");
    return chosen.map((person, i) => [person, place(person), i]).sort((a, b) => a[1] - b[1] || a[2] - b[2]).map(([person]) => person);
  }

  /** Writes an event. One after another, so that the order of the clicks is that of the record. */
  event(list, kind, person, value = null) {
    const event = {
      event_id: uuid(),
      kind,
      job_id: list.job,
      freelancer_id: person,
      decision_id: list.decision,
      position: list.positionOf(person),
      value,
    };
    return this.#next(async () => {
      const sent = { ...event, at: this.#now() };
      const { verdicts } = await ask("POST", "/v1/events", sent);
      const refused = verdicts.find((one) => !["accepted", "duplicate"].includes(one.status));
      if (refused) throw new ApiError({ code: "refused-event", title: "Not written down", detail: refused.reason });
      this.#events.set(sent.event_id, sent);
    });
  }

  /** Writes an override: an order of several, or of one with a reason, which is a note on that person. */
  override(list, order, reason = "") {
    return this.#next(async () => {
      const said = { order, by: signature(), reason };
      await ask("POST", `/v1/decisions/${encodeURIComponent(this.#decisionOf(list, order[0]))}/override`, said);
      this.#overrides.push({ ...said, at: this.#now() });
    });
  }

  #decisionOf(list, person) {
    if (list.shown.includes(person)) return list.decision;
    return [...this.#shown].find(([, shown]) => shown.includes(person))?.[0] ?? list.decision;
  }

  #next(work) {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {}); // one failure must not hold up the rest
    return done;
  }

  /** Now, but later than all that is on record: a clock that is behind must not undo by itself. */
  #now() {
    const last = this.#inOrder().at(-1);
    return new Date(Math.max(Date.now(), last ? Date.parse(last.at) + 1 : 0)).toISOString();
  }

  #inOrder() {
    return [...this.#events.values()].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  }
}

/** A random id. `crypto.randomUUID` is not there over plain HTTP from another machine. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

async function eventsOf(job, signal) {
  const found = [];
  let after = null;
  do {
    const page = await ask("GET", withQuery("/v1/events", { job_id: job, limit: PAGE, after }), undefined, { signal });
    found.push(...page.events);
    after = page.next;
  } while (after);
  return found.filter((one) => one.kind !== "shown");
}

async function recordsOf(decisions, signal) {
  const found = await Promise.all(
    decisions.map(async (decision) => {
      try {
        return await ask("GET", `/v1/decisions/${encodeURIComponent(decision)}`, undefined, { signal });
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null; // older than decisions are kept
        throw error;
      }
    }),
  );
  return found.filter(Boolean);
}
