/**
 * Two to four people side by side, a row for everything that tells them apart.
 */

import { button, fill, h } from "./dom.js";
import { nameOf, noteList, standing } from "./card.js";
import { chance, rate, skills, time, track } from "./facts.js";
import { ago, country, day, language, percent } from "./format.js";
import { marked, reasonList, sourcesInWords, strongest } from "./reasons.js";
import { MOST_COMPARED } from "./search.js";

const UNKNOWN = () => h("span", { class: "muted" }, "not known");

/** What is told of each; a row's cell may be nothing. */
const ROWS = [
  ["Chance of a hire", (one, scene) => chance(one, scene.scale)],
  ["Place", (one) => `${one.rank}${one.explored ? ", a newcomer seat" : ""}`],
  ["Rate", (one, scene) => rate(one.details?.profile, scene.job)],
  ["Local time", (one) => one.details && time(one, one.details.profile)],
  ["Track record", (one) => track(one.details?.track_record)],
  ["Skills asked for", (one) => one.details && skills(one.details.skills)],
  ["For", (one) => reasonList(strongest(one.reasons, 5, 0))],
  ["Against", (one) => reasonList(strongest(one.reasons, 0, 5))],
  ["Jobs like this", (one) => one.details?.precedents.length ? h("ul", { class: "facts" }, one.details.precedents.map((job) => h("li", {}, `${job.title} (${percent(job.similarity)} alike, ${day(job.hired_at)})`))) : "none on record"],
  ["Found by", (one) => one.details && sourcesInWords(one.details.sources)],
  ["Languages", (one) => one.details?.profile.languages?.map(language).join(", ")],
  ["Hours a week", (one) => one.details?.profile.weekly_hours],
  ["Country", (one) => one.details?.profile.country && country(one.details.profile.country)],
  ["Joined", (one) => one.details?.profile.joined_at && ago(one.details.profile.joined_at)],
  ["In their own words", (one, scene) => one.details?.profile.overview && h("p", { class: "small" }, marked(one.details.profile.overview, scene.words))],
];

/** The bar that appears once somebody is picked. */
export function compareBar(onCompare, onClear) {
  const root = h("div", { class: "compare-bar", role: "region", "aria-label": "Comparison", hidden: true });
  const draw = (ids, isComparing) => {
    root.hidden = !ids.length || isComparing;
    const enough = ids.length > 1;
    fill(
      root,
      h("span", { class: "small", role: "status" }, enough ? `${ids.length} picked${ids.length === MOST_COMPARED ? ", the most there can be" : ""}` : "Pick one more to compare"),
      button("Compare", onCompare, { kind: "primary", disabled: !enough }),
      button("Clear", onClear),
    );
  };
  return { root, draw };
}

/**
 * @param {object[]} people Matches.
 * @param {import("./card.js").Scene} scene
 * @param {object} on `act(name, match, pressed)`, `back()`.
 */
export function comparison(people, scene, on) {
  const box = h("div", { class: "compare-scroll", role: "region", "aria-label": "People side by side", tabindex: "0" });
  const root = h(
    "section",
    { class: "compare" },
    h("div", { class: "row" }, button("Back to the list", on.back, { picture: "left", "data-back": "" }), h("h2", {}, `${people.length} people side by side`)),
    box,
  );
  let shown = people;
  box.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-act]");
    const match = pressed && shown.find((one) => one.freelancer_id === pressed.dataset.of);
    if (match) on.act(pressed.dataset.act, match, pressed);
  });
  const update = (next = shown, setting = scene) => {
    shown = next;
    const focused = box.contains(document.activeElement) ? document.activeElement : null;
    fill(box, table(shown, setting));
    if (focused) box.querySelector(`[data-act="${focused.dataset.act}"][data-of="${CSS.escape(focused.dataset.of ?? "")}"]`)?.focus();
  };
  update();
  return { root, update };
}

function table(people, scene) {
  return h(
    "table",
    {},
    h("caption", { class: "hidden-text" }, "The people picked, a column each"),
    h("thead", {}, h("tr", {}, h("td", {}), people.map((one) => h("th", { scope: "col" }, nameOf(one), h("p", { class: "small muted" }, one.freelancer_id))))),
    h(
      "tbody",
      {},
      ROWS.map(([title, cell]) => row(title, people, (one) => cell(one, scene) ?? UNKNOWN())),
      row("Decided", people, (one) => decided(one, scene)),
      row("Decide", people, (one) => acts(one, scene)),
    ),
  );
}

function row(title, people, cell) {
  return h("tr", {}, h("th", { scope: "row" }, title), people.map((one) => h("td", {}, cell(one))));
}

function decided(match, scene) {
  const person = scene.desk.of(match.freelancer_id);
  const labels = standing(person).filter(Boolean);
  if (!labels.length && !person.notes.length) return h("span", { class: "muted" }, "nothing yet");
  return [h("div", { class: "row" }, labels), person.notes.length > 0 && noteList(person.notes)];
}

function acts(match, scene) {
  const who = nameOf(match);
  const { status } = scene.desk.of(match.freelancer_id);
  const one = (name, words, pressed = null) =>
    h("button", { type: "button", class: "button", "data-act": name, "data-of": match.freelancer_id, "aria-label": `${words} ${who}`, "aria-pressed": pressed, disabled: scene.locked !== null, title: scene.locked }, words);
  return h(
    "div",
    { class: "row" },
    one("shortlist", "Shortlist", String(status === "shortlisted")),
    one("dismiss", "Dismiss…", String(status === "dismissed")),
    one("invite", "Invite"),
    one("hire", "Hire…"),
    one("note", "Note…"),
  );
}
