/**
 * The box for the brief. What is typed survives a reload, an error and a lost network.
 */

import { button, h } from "./dom.js";

const LONGEST = 20_000;
const DRAFT = "matcher.brief";
const EXAMPLE = `Speed up our PostgreSQL reports
Month-end reports take twenty minutes on a Django site with PostgreSQL. Find the slow queries, add the indexes and show us how to keep it that way.
$35-60/hour, 20 hours/week for 6 weeks. Fluent English, and some overlap with UTC+1.`;

/**
 * @param {(text: string) => void} onFind
 * @returns {{root: HTMLElement, set: (text: string) => void, focus: () => void}}
 */
export function briefBox(onFind) {
  const box = h("textarea", {
    id: "brief",
    name: "brief",
    rows: 4,
    maxlength: LONGEST,
    placeholder: "Paste or type what you need done: the work, skills, budget, hours, languages, time zone.",
    "aria-describedby": "brief-hint",
    oninput: () => keep(box.value),
    onkeydown: (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit();
    },
  });
  const hint = h("p", { id: "brief-hint", class: "small muted", "aria-live": "polite" }, "Ctrl + Enter finds.");
  const submit = () => {
    const text = box.value.trim();
    hint.textContent = text ? "Ctrl + Enter finds." : "Write a line about the work first.";
    if (text) onFind(text);
    else box.focus();
  };
  const root = h(
    "form",
    { class: "brief panel", onsubmit: (event) => (event.preventDefault(), submit()) },
    h("label", { class: "brief-label", for: "brief" }, "Brief"),
    box,
    h("div", { class: "row brief-ends" }, h("button", { class: "button primary" }, "Find people"), hint),
  );
  const set = (text) => {
    if (text && text !== box.value.trim()) box.value = text;
    if (!text && !box.value) box.value = kept();
  };
  return { root, set, focus: () => box.focus() };
}

/** What stands there before anything was asked for. */
export function welcome(onExample) {
  return h(
    "section",
    { class: "welcome panel" },
    h("h2", {}, "From a brief to a short list"),
    h(
      "ol",
      { class: "steps" },
      h("li", {}, h("strong", {}, "Paste the brief."), " What was understood comes back as labels that you can correct."),
      h("li", {}, h("strong", {}, "Compare people."), " Each comes with a chance of being hired, a track record with its uncertainty, and reasons for and against."),
      h("li", {}, h("strong", {}, "Decide."), " Nobody is turned down by the machine: shortlist, dismiss with a reason, invite and hire yourself. All of it is kept."),
    ),
    h("pre", { class: "example" }, EXAMPLE),
    button("Try this example", () => onExample(EXAMPLE)),
  );
}

function keep(text) {
  try {
    sessionStorage.setItem(DRAFT, text);
  } catch {
    // a browser that keeps nothing: the box itself still does
  }
}

function kept() {
  try {
    return sessionStorage.getItem(DRAFT) ?? "";
  } catch {
    return "";
  }
}
