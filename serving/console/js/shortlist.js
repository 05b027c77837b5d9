/**
 * The shortlist beside the list: in the order that a person gives it, with what is decided next.
 */

import { fill, folding, h, icon } from "./dom.js";
import { noteList, standing } from "./card.js";
import { sign, signature } from "./decide.js";
import { session } from "./signin.js";

/**
 * @param {object} on `act(name, id, pressed)` and `move(id, step)`.
 */
export function shortlistPanel(on) {
  const list = h("ol", { class: "shortlist" });
  const none = h("p", { class: "small muted" }, "Nobody yet. Shortlist people on the list; they stay here in your order.");
  const signing = h("div", { class: "signing" });
  const { root, count } = folding("Shortlist", "84rem", none, list, signing);
  list.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-act]");
    const id = pressed?.closest("[data-id]").dataset.id;
    if (!id) return;
    if (pressed.dataset.act === "up") on.move(id, -1);
    else if (pressed.dataset.act === "down") on.move(id, 1);
    else on.act(pressed.dataset.act, id, pressed);
  });
  const draw = (desk, nameOf, locked) => {
    const focused = list.contains(document.activeElement) ? [document.activeElement.closest("[data-id]").dataset.id, document.activeElement.dataset.act] : null;
    const people = desk.shortlist();
    none.hidden = people.length > 0;
    none.textContent = locked ?? "Nobody yet. Shortlist people on the list; they stay here in your order.";
    count(people.length || "");
    fill(list, people.map((id, i) => entry({ id, name: nameOf(id), person: desk.of(id), isFirst: i === 0, isLast: i === people.length - 1, locked })));
    drawSigning(signing, locked);
    if (focused) refocus(list, ...focused);
  };
  return { root, draw };
}

function entry({ id, name, person, isFirst, isLast, locked }) {
  const act = (what, words, { picture = null, disabled = false } = {}) =>
    h("button", { type: "button", class: "button", "data-act": what, "aria-label": `${words} ${name}`, title: locked ?? (picture ? words : null), disabled: disabled || locked !== null }, picture ? icon(picture) : words);
  return h(
    "li",
    { "data-id": id },
    h(
      "div",
      { class: "shortlist-head" },
      h("p", {}, h("strong", {}, name), h("span", { class: "small muted" }, ` ${name === id ? "" : id}`)),
      h("div", { class: "moves" }, act("up", "Move up", { picture: "up", disabled: isFirst }), act("down", "Move down", { picture: "down", disabled: isLast })),
    ),
    h("div", { class: "row" }, standing({ ...person, status: null })),
    person.notes.length > 0 && noteList(person.notes),
    h(
      "div",
      { class: "row" },
      act("invite", person.invited ? "Invite again" : "Invite"),
      act("hire", "Hire…"),
      act("note", "Note…"),
      act("dismiss", "Dismiss…"),
    ),
  );
}

function drawSigning(signing, locked) {
  if (locked !== null) return void fill(signing);
  if (session().name) return void fill(signing, h("p", { class: "small muted" }, `Notes are signed ${session().name}.`));
  if (signing.querySelector("input")) return undefined; // somebody may be typing in it
  const name = h("input", { value: signature(), maxlength: 200, onchange: () => sign(name.value) });
  return void fill(signing, h("label", { class: "field" }, h("span", {}, "Notes are signed"), name));
}

/** The same button of the same person; where it cannot be pressed any more, its neighbour. */
function refocus(list, id, act) {
  const item = list.querySelector(`[data-id="${CSS.escape(id)}"]`);
  const same = item?.querySelector(`[data-act="${act}"]:not(:disabled)`);
  (same ?? item?.querySelector("[data-act]:not(:disabled)"))?.focus();
}
