/**
 * One person on the list. There may be a thousand: a card is a headline until it comes near the window,
 * and its details are made when it is opened.
 *
 * @typedef {object} Scene What all cards of a list share.
 * @property {object} job
 * @property {Set<string>} words Words of the job, to be marked.
 * @property {{top: number, middle: number|null}} scale
 * @property {import("./decide.js").Desk} desk
 * @property {string|null} locked Why nothing can be written; null where it can.
 * @property {(id: string) => boolean} isCompared
 */

import { fill, h, icon, spoken } from "./dom.js";
import { chance, rate, skills, time, track, trackSentences } from "./facts.js";
import { ago, country, day, language, median, money, offset, percent } from "./format.js";
import { factorList, marked, quote, reasonList, sourcesInWords, strongest, wordsOf } from "./reasons.js";
import { whyReadOnly } from "./signin.js";

const MOST_SKILLS = 8;

/** @returns {Scene} */
export function sceneOf(answer, job, desk, isCompared) {
  const chances = answer.matches.map((one) => one.p_hire).filter((p) => p !== null);
  const scale = { top: chances.reduce((most, p) => Math.max(most, p), 0), middle: median(chances) };
  return { job, words: wordsOf(job), scale, desk, locked: whyReadOnly(), isCompared };
}

/**
 * A headline, and what makes the rest of the card of it.
 *
 * @returns {{root: HTMLElement, complete: () => void, update: () => void}}
 */
export function card(match, scene) {
  const name = nameOf(match);
  const root = h("li", { class: "card", "data-id": match.freelancer_id, tabindex: "-1", "aria-label": `${match.rank}. ${name}` }, h("h3", { class: "card-who" }, name));
  let update = null;
  return {
    root,
    complete: () => (update ??= complete(root, match, scene)),
    update: () => update?.(),
  };
}

function complete(root, match, scene) {
  const { details } = match;
  const profile = details?.profile;
  const state = h("div", { class: "card-state" });
  const acts = h("div", { class: "card-acts" });
  const said = quote(profile?.overview, scene.words);
  fill(
    root,
    picker(match, scene),
    h(
      "div",
      { class: "card-who" },
      h("h3", {}, profile?.title ? marked(profile.title, scene.words) : match.freelancer_id),
      h("p", { class: "small muted" }, about(match)),
      state,
    ),
    chance(match, scene.scale),
    track(details?.track_record),
    h("div", { class: "terms" }, rate(profile, scene.job), details && time(match, profile)),
    h(
      "div",
      { class: "card-why" },
      reasonList(strongest(match.reasons, 2, 1)),
      details && h("div", {}, skills(details.skills, MOST_SKILLS), h("p", { class: "tiny muted" }, `Found by ${sourcesInWords(details.sources)}`)),
      said && h("blockquote", { class: "small", title: said }, marked(said, scene.words)),
    ),
    acts,
  );
  const update = () => {
    drawState(state, root, match, scene);
    drawActs(acts, match, scene);
    const open = root.querySelector(".detail");
    if (open) open.replaceWith(detail(match, scene));
  };
  update();
  return update;
}

/** What somebody is called: their headline, or their id. */
export function nameOf(match) {
  return match.details?.profile?.title || match.freelancer_id;
}

/** Opens or closes what else is known of somebody. */
export function toggle(root, match, scene) {
  const open = root.querySelector(".detail");
  if (open) open.remove();
  else root.append(detail(match, scene));
  root.querySelector('[data-act="open"]').setAttribute("aria-expanded", String(!open));
}

/** What was decided about somebody, as labels. */
export function standing(person) {
  return [
    person.hired && h("span", { class: "tag accent" }, person.hired.rate === null ? "hired" : `hired at ${money(person.hired.rate)} USD`),
    person.invited && !person.hired && h("span", { class: "tag accent" }, "invited"),
    person.status === "shortlisted" && h("span", { class: "tag good" }, icon("star"), "shortlisted"),
    person.status === "dismissed" && h("span", { class: "tag bad" }, "dismissed"),
  ];
}

/** Notes on somebody, newest last. */
export function noteList(notes) {
  return h(
    "ul",
    { class: "notes" },
    notes.map(({ by, at, text }) => h("li", {}, h("p", {}, text), h("p", { class: "tiny muted" }, `${by}, ${day(at)}`))),
  );
}

function picker(match, scene) {
  return h(
    "div",
    { class: "card-pick" },
    h("span", { class: "rank num" }, match.rank),
    h("label", { class: "check" }, h("input", { type: "checkbox", "data-act": "compare", checked: scene.isCompared(match.freelancer_id) }), spoken(`Compare ${nameOf(match)}`)),
  );
}

function about(match) {
  const profile = match.details?.profile;
  const facts = [
    profile?.title && match.freelancer_id,
    profile?.country && country(profile.country),
    profile?.languages?.length > 0 && profile.languages.slice(0, 4).map(language).join(", "),
    profile?.weekly_hours != null && `${profile.weekly_hours} h a week`,
  ];
  return facts.filter(Boolean).join(" · ");
}

function drawState(state, root, match, scene) {
  const person = scene.desk.of(match.freelancer_id);
  const note = person.notes.at(-1);
  fill(
    state,
    match.explored && h("span", { class: "tag warn", title: "This seat was drawn among people of whom little is known; its place is no verdict." }, "newcomer seat"),
    standing(person),
    note && h("span", { class: "small note-line" }, icon("note"), note.text),
  );
  root.classList.toggle("is-dismissed", person.status === "dismissed");
  root.classList.toggle("is-shortlisted", person.status === "shortlisted");
}

function drawActs(acts, match, scene) {
  const focused = acts.contains(document.activeElement) ? document.activeElement.dataset.act : null;
  const { status } = scene.desk.of(match.freelancer_id);
  const open = acts.parentElement?.querySelector(".detail");
  const who = nameOf(match);
  fill(
    acts,
    act("shortlist", "Shortlist", who, scene, { "aria-pressed": String(status === "shortlisted") }),
    act("dismiss", status === "dismissed" ? "Dismissed" : "Dismiss…", who, scene, { "aria-pressed": String(status === "dismissed") }),
    h("button", { type: "button", class: "button quiet", "data-act": "open", "aria-expanded": String(Boolean(open)), "aria-label": `Details of ${who}` }, "Details"),
  );
  if (focused) acts.querySelector(`[data-act="${focused}"]`)?.focus();
}

function act(name, words, who, scene, attrs = {}) {
  return h(
    "button",
    { type: "button", class: "button", "data-act": name, "aria-label": `${words} ${who}`, disabled: scene.locked !== null, title: scene.locked, ...attrs },
    words,
  );
}

function detail(match, scene) {
  const { details } = match;
  const who = nameOf(match);
  const profile = details?.profile;
  const { words } = scene;
  const notes = scene.desk.of(match.freelancer_id).notes;
  return h(
    "div",
    { class: "detail" },
    h(
      "div",
      { class: "row" },
      act("invite", "Invite", who, scene),
      act("hire", "Hire…", who, scene),
      act("note", "Note…", who, scene),
      h("a", { class: "button quiet", href: `#/freelancer?id=${encodeURIComponent(match.freelancer_id)}` }, "Their page"),
    ),
    h(
      "div",
      { class: "detail-columns" },
      h("section", {}, h("h4", {}, "Why this place"), reasonList(match.reasons)),
      factorList(match),
      details && h("section", {}, h("h4", {}, "Track record"), h("ul", { class: "facts" }, trackSentences(details.track_record).map((one) => h("li", {}, one)))),
      details?.precedents.length > 0 && h("section", {}, h("h4", {}, "Hired for jobs like this"), h("ul", { class: "facts" }, details.precedents.map(precedent))),
      notes.length > 0 && h("section", {}, h("h4", {}, "Notes"), noteList(notes)),
    ),
    profile && h("section", { class: "own-words" }, h("h4", {}, "In their own words"), h("p", {}, profile.overview ? marked(profile.overview, words) : h("span", { class: "muted" }, "They say nothing about themselves.")), ownFacts(profile)),
  );
}

function precedent({ title, similarity, hired_at: at }) {
  return h("li", {}, title, h("span", { class: "small muted num" }, ` · ${percent(similarity)} alike · ${day(at)}`));
}

function ownFacts(profile) {
  const facts = [
    profile.skills?.length > 0 && `Lists: ${profile.skills.join(", ")}.`,
    profile.utc_offset_hours !== null && `Lives at ${offset(profile.utc_offset_hours)}.`,
    profile.joined_at && `Joined ${ago(profile.joined_at)}.`,
  ];
  return h("p", { class: "small muted" }, facts.filter(Boolean).join(" "));
}
