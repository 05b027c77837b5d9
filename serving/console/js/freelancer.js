/**
 * The Freelancer page: who somebody is, the open jobs that suit them best, and what would raise
 * their chance. It reads alone, so a key that may not write sees all of it.
 */

import { advicePanel } from "./advice.js";
import { ApiError, ask } from "./api.js";
import { button, fill, h, stylesheet } from "./dom.js";
import { count, day, plainWarning } from "./format.js";
import { jobCard } from "./jobcard.js";
import { profilePanel, trackPanel } from "./profile.js";
import { write } from "./url.js";
import { failure, skeleton } from "./waiting.js";

const STEP = 10;
const MOST = 100;
const VOICE = "“You” in reasons and advice is the freelancer: they can be passed on as they are.";
const SAID_BELOW = /^(none of .* is left|no job is open)/;
const LEFT_OUT = {
  given_up: (n) => `${count(n, "job")} posted so long ago that jobs like it were filled or given up by then`,
  already_hired: (n) => `${count(n, "job")} that they were hired for`,
  already_applied: (n) => `${count(n, "job")} that they applied to already`,
  turned_down: (n) => `${count(n, "job")} that they or the client turned down`,
};

/** Draws the page; `state` as in main.js. */
export async function show(main, state) {
  await Promise.all(["pages.css", "plots.css"].map(stylesheet));
  if (state.signal.aborted) return;
  const { id = "" } = state.params;
  const body = h("div", { class: "stack" });
  const said = h("p", { class: "hidden-text", role: "status" });
  fill(main, h("div", { class: "stack" }, h("h1", {}, "Freelancer"), search(id), said, body));
  if (id === "") return void fill(body, nobody());
  await load({ state, body, said, shown: wanted(state.params.k) });
}

/** Asks, and draws what comes; what was there stays until then where it is only more of the same. */
async function load(view) {
  const { state, body, said } = view;
  const { id, as_of: asOf } = state.params;
  fill(body, outline(id));
  try {
    const answer = await asked(id, { k: view.shown, as_of: asOf }, state.signal);
    fill(body, page(answer, view));
    said.textContent = `${count(answer.matches.length, "open job")} for ${id}`;
  } catch (error) {
    if (state.signal.aborted) return;
    fill(body, refused(error, id, () => load(view)));
  }
}

/** The page in grey, so that little moves when it comes. */
function outline(id) {
  const jobs = [1, 2, 3, 4].map(() => skeleton(null, 4));
  return h("div", { class: "freelancer" }, skeleton(`Looking for jobs for ${id}`, 10), h("div", { class: "stack" }, jobs));
}

function asked(id, { k, as_of: asOf }, signal) {
  const body = { k, details: true, ...(asOf ? { as_of: asOf } : {}) };
  return ask("POST", `/v1/freelancers/${encodeURIComponent(id)}/jobs`, body, { signal });
}

function search(id) {
  const box = h("input", {
    name: "id",
    value: id,
    required: true,
    maxlength: 200,
    autocomplete: "off",
    autocapitalize: "none",
    spellcheck: "false",
    placeholder: "f00012",
  });
  const onsubmit = (event) => {
    event.preventDefault();
    const next = box.value.trim();
    if (next === "") return;
    const address = write("freelancer", { id: next });
    if (location.hash === address) dispatchEvent(new HashChangeEvent("hashchange")); // asks anew
    else location.hash = address;
  };
  return h(
    "form",
    { class: "who-form", role: "search", onsubmit },
    h("label", { class: "field" }, h("span", {}, "Freelancer id"), box),
    h("button", { class: "button primary" }, "Show"),
  );
}

function page(answer, view) {
  const { params } = view.state;
  const { freelancer, advice = [], matches } = answer;
  const profile = freelancer?.profile ?? null;
  const now = Date.parse(answer.as_of);
  return [
    notices(answer, params),
    h(
      "div",
      { class: "freelancer" },
      h(
        "div",
        { class: "stack" },
        profilePanel(params.id, profile, now),
        trackPanel(freelancer?.track_record ?? null),
        advicePanel(advice, matches.length),
      ),
      h(
        "section",
        { class: "stack", "aria-labelledby": "jobs-title" },
        h(
          "div",
          {},
          h("h2", { id: "jobs-title" }, "Best open jobs"),
          matches.length > 0 && h("p", { class: "small muted" }, VOICE),
        ),
        matches.length === 0 ? noJobs(answer) : jobList(answer, view, profile, now),
        leftOut(answer.excluded),
      ),
    ),
  ];
}

function jobList(answer, view, profile, now) {
  const cards = (matches) => matches.map((match) => jobCard(match, profile, now));
  const list = h("ol", { class: "jobs" }, cards(answer.matches));
  const more = h("div", { class: "row" });
  const draw = (found) => {
    const isMore = found.matches.length >= view.shown && view.shown < MOST;
    fill(more, isMore ? button("Show more jobs", () => grow()) : null);
  };
  const grow = async () => {
    const { id, as_of: asOf } = view.state.params;
    const before = list.childElementCount;
    fill(more, h("span", { class: "muted small", role: "status" }, "Looking for more…"));
    try {
      const k = Math.min(view.shown + STEP, MOST);
      // The same instant, so that the list goes on where it ended.
      const found = await asked(id, { k, as_of: asOf ?? answer.as_of }, view.state.signal);
      view.shown = k;
      view.state.go({ ...view.state.params, k: String(k) }, { replace: true });
      list.append(...cards(found.matches.slice(before)));
      list.children[before]?.focus();
      draw(found);
    } catch (error) {
      if (!view.state.signal.aborted) fill(more, failure(error, grow));
    }
  };
  draw(answer);
  return [list, more];
}

/** What the service warns of, and the way to and from the day that the data end. */
function notices({ warnings, index, as_of: asOf }, params) {
  const isPast = Boolean(params.as_of);
  const isOld = !isPast && warnings.some((one) => one.startsWith("the data ends at"));
  const end = index.as_of && new Date(Date.parse(index.as_of) + 1000).toISOString();
  const said = warnings.filter((one) => !SAID_BELOW.test(one)).map(plainWarning);
  if (!isPast && said.length === 0) return null;
  return h(
    "div",
    { class: "notice stack" },
    isPast && h("p", {}, h("strong", {}, `As of ${day(asOf)}. `), "Nothing that happened later counts. ", anchor("Back to now", { id: params.id })),
    said.map((one) => h("p", {}, one)),
    isOld && end && h("p", {}, anchor(`Show the jobs as of ${day(index.as_of)}, when the data end`, { id: params.id, as_of: end })),
  );
}

function anchor(words, params) {
  return h("a", { href: write("freelancer", params) }, words);
}

function noJobs({ index }) {
  const why =
    index.size === 0
      ? "No job is open at this moment."
      : `${count(index.size, "job is", "jobs are")} open, and none of them is left to offer; the reasons stand below.`;
  return h("div", { class: "panel empty" }, h("p", {}, h("strong", {}, "No jobs to show")), h("p", { class: "muted" }, why));
}

function leftOut(excluded) {
  const lines = Object.entries(excluded).filter(([, n]) => n > 0);
  if (lines.length === 0) return null;
  return h(
    "div",
    { class: "small muted" },
    h("p", {}, "Open, but not offered:"),
    h("ul", { class: "bullets" }, lines.map(([name, n]) => h("li", {}, LEFT_OUT[name]?.(n) ?? `${count(n, "job")}: ${name.replaceAll("_", " ")}`))),
  );
}

function nobody() {
  return h(
    "div",
    { class: "panel empty" },
    h("p", {}, "Type the id of a freelancer to see the open jobs that suit them best, and what would raise their chance."),
    h("p", { class: "muted" }, "Every card on ", h("a", { href: "#/find" }, "Find"), " leads here, too, under “Their page”."),
  );
}

function refused(error, id, again) {
  if (!(error instanceof ApiError) || error.code !== "unknown-freelancer") return failure(error, again);
  return h(
    "div",
    { class: "panel empty", role: "alert" },
    h("h2", {}, "No freelancer has this id"),
    h("p", {}, "Nobody is known as ", h("code", {}, id), ". Ids are told apart by case: check it against the list that it came from."),
  );
}

function wanted(k) {
  const number = Number.parseInt(k ?? "", 10);
  return Number.isInteger(number) ? Math.min(Math.max(number, STEP), MOST) : STEP;
}
