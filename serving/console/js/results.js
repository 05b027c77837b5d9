/**
 * The list: its head, its cards, and what stands there while there is none.
 */

import { button, fill, h } from "./dom.js";
import { card, toggle } from "./card.js";
import { excludedLines } from "./excluded.js";
import { count, moment, plainWarning, trimmed } from "./format.js";
import { SIZES } from "./search.js";

const SKELETONS = 6;
const AT_ONCE = 30; // cards that are whole from the start
const NEAR = "1500px";
const WORDING = [
  ["remote", "under 1%"],
  ["unlikely", "1 to 5%"],
  ["possible", "5 to 20%"],
  ["fair", "20 to 50%"],
  ["likely", "50 to 80%"],
  ["very likely", "over 80%"],
];

/**
 * @param {object} on What happens: `act(name, match, pressed)`, `size(k)`, `relax(filters)`, `again()`, `retry()`.
 */
export function results(on) {
  const head = h("div", { class: "results-head" });
  const body = h("div", { class: "results-body" });
  const said = h("p", { class: "hidden-text", role: "status" });
  const root = h("section", { class: "results", "aria-label": "Results" }, said, head, body);
  let cards = new Map();

  let near = null;
  const arrived = (entries, watch) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      watch.unobserve(target);
      cards.get(target.dataset.id)?.complete();
    }
  };

  const drawn = (answer, scene, search) => {
    const before = standing(body);
    root.removeAttribute("aria-busy");
    cards = new Map();
    near?.disconnect();
    near = new IntersectionObserver(arrived, { rootMargin: NEAR });
    const made = answer.matches.map((match) => ({ ...card(match, scene), match }));
    for (const [i, one] of made.entries()) {
      cards.set(one.match.freelancer_id, one);
      if (i < AT_ONCE) one.complete();
      else near.observe(one.root);
    }
    const list = h("ol", { class: "cards" }, made.map((one) => one.root));
    listen(list, cards, scene, on);
    fill(head, ...headOf(answer, search, on));
    said.textContent = total(answer);
    fill(body, list);
    restore(before, cards, scene);
  };

  return {
    root,
    drawn,
    waiting: () => {
      root.setAttribute("aria-busy", "true");
      said.textContent = "Looking…";
      fill(head, h("div", {}, h("h2", { class: "results-count" }, "Looking…"), h("p", { class: "small muted" }, "Reading the brief, searching, weighing.")), wording());
      fill(body, h("div", { class: "cards", "aria-hidden": "true" }, Array.from({ length: SKELETONS }, skeleton)));
    },
    nobody: (answer, filters) => {
      root.removeAttribute("aria-busy");
      said.textContent = "Nobody is on this list";
      fill(head, h("h2", { class: "results-count" }, "Nobody is on this list"));
      fill(body, nobody(answer, filters, on));
    },
    failed: (error) => {
      root.removeAttribute("aria-busy");
      said.textContent = "";
      fill(head);
      fill(body, problem(error, on.retry));
    },
    empty: (content) => {
      root.removeAttribute("aria-busy");
      fill(head);
      fill(body, content);
    },
    update: (id) => cards.get(id)?.update(),
    updateAll: () => cards.forEach((one) => one.update()),
    pick: (ids) => {
      for (const [id, one] of cards) {
        const box = one.root.querySelector('[data-act="compare"]');
        if (box) box.checked = ids.includes(id);
      }
    },
  };
}

/** An error in the words of the service, with a way on. */
export function problem(error, retry) {
  return h(
    "div",
    { class: "problem", role: "alert" },
    h("h2", {}, error.title ?? "Something went wrong"),
    h("p", {}, error.message),
    error.errors?.length > 1 && h("ul", { class: "facts" }, error.errors.map((one) => h("li", {}, `${one.field}: found ${one.found}, expected ${one.expected}`))),
    error.code && h("p", { class: "tiny muted" }, "Code: ", h("code", {}, error.code)),
    button("Try again", retry),
  );
}

function headOf(answer, search, on) {
  const known = answer.matches.filter((one) => one.p_hire !== null);
  const expected = known.reduce((sum, one) => sum + one.p_hire, 0);
  const size = h(
    "select",
    { id: "size", onchange: () => on.size(Number(size.value)) },
    SIZES.map((k) => h("option", { value: k, selected: k === search.k }, k.toLocaleString("en"))),
  );
  return [
    h(
      "div",
      {},
      h("h2", { class: "results-count" }, total(answer)),
      h("p", { class: "small muted" }, known.length > 0 && `By their chances, about ${trimmed(expected, 1)} of these would be hired for such a job.`),
      search.decision && h("p", { class: "small muted" }, `The list as of ${moment(answer.as_of)}. `, button("Look again", on.again, { kind: "quiet" })),
    ),
    h("label", { class: "size small", for: "size" }, "Show", size),
    known.length > 0 && wording(),
    answer.warnings.length > 0 && h("ul", { class: "notice" }, answer.warnings.map((one) => h("li", {}, plainWarning(one)))),
  ];
}

function total({ matches, index }) {
  return `${count(matches.length, "person", "people")} of ${index.size.toLocaleString("en")}`;
}

function wording() {
  return h(
    "details",
    { class: "wording small" },
    h("summary", {}, "What the words mean"),
    h("p", {}, "A hire is rare: even the best person for a job is often hired for another, or nobody is. So 3% can be the best chance on a list, and the word says what the number says, not how somebody compares. The bar and the line below it do: beside the best, and beside the middle of this list."),
    h("dl", {}, WORDING.map(([word, span]) => h("div", {}, h("dt", {}, word), h("dd", { class: "num" }, span)))),
  );
}

function nobody(answer, filters, on) {
  const lines = excludedLines(answer.excluded, filters, on.relax);
  return h(
    "div",
    { class: "panel stack" },
    answer.index.size === 0 ? h("p", {}, "Nobody has joined this marketplace yet.") : h("p", {}, `None of ${count(answer.index.size, "person", "people")} passes all filters.`),
    lines.length > 0 && h("ul", { class: "excluded" }, lines),
    Object.keys(filters).length > 0 && h("div", {}, button("Clear all filters", () => on.relax({}), { kind: "primary" })),
  );
}

function skeleton() {
  const line = (width) => h("span", { class: `skeleton line w${width}` });
  return h("div", { class: "card is-waiting" }, h("div", {}, line(20)), h("div", { class: "stack" }, line(60), line(40)), line(100), line(100), line(100), h("div", { class: "card-why stack" }, line(80), line(60)));
}

/** Which cards are open, and where the focus is, so that drawing anew takes neither away. */
function standing(body) {
  const idOf = (element) => element.closest("[data-id]").dataset.id;
  const focused = body.contains(document.activeElement) ? document.activeElement.closest("[data-act]") : null;
  return { open: [...body.querySelectorAll(".detail")].map(idOf), focus: focused && [idOf(focused), focused.dataset.act] };
}

function restore({ open, focus }, cards, scene) {
  for (const id of open) {
    const one = cards.get(id);
    if (one?.root.querySelector(".card-acts")) toggle(one.root, one.match, scene);
  }
  if (focus) cards.get(focus[0])?.root.querySelector(`[data-act="${focus[1]}"]`)?.focus();
}

/** One listener for all cards; j and k walk through them while one has the focus. */
function listen(list, cards, scene, on) {
  list.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-act]");
    const root = pressed?.closest("[data-id]");
    if (!root) return;
    const { match } = cards.get(root.dataset.id);
    if (pressed.dataset.act === "open") toggle(root, match, scene);
    else on.act(pressed.dataset.act, match, pressed);
  });
  list.addEventListener("keydown", (event) => {
    const step = { j: 1, k: -1 }[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = [...list.children];
    const next = all[all.indexOf(event.target.closest("[data-id]")) + step];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  });
}

