/**
 * Asks a person for a few words in a dialog; the page behind it waits.
 */

import { button, h } from "./dom.js";

let asked = 0;

/**
 * @param {object} wanted
 * @param {string} wanted.title
 * @param {string} [wanted.lead] A sentence above the fields.
 * @param {Array<{name: string, label: string, type?: string, required?: boolean, value?: string, ready?: string[]}>} wanted.fields
 *   `ready` are words to pick instead of typing them.
 * @param {string} wanted.confirm
 * @returns {Promise<Record<string, string>|null>} What was written; null if it was called off.
 */
export function askFor({ title, lead, fields, confirm }) {
  return new Promise((resolve) => {
    let answer = null;
    const id = `dialog-${++asked}`;
    const form = h(
      "form",
      {
        onsubmit: (event) => {
          event.preventDefault();
          answer = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]));
          box.close();
        },
      },
      h("h2", { id }, title),
      lead && h("p", { class: "small" }, lead),
      fields.map(field),
      h("div", { class: "ends" }, button("Cancel", () => box.close()), h("button", { class: "button primary" }, confirm)),
    );
    const box = h("dialog", { "aria-labelledby": id, onclose: () => (box.remove(), resolve(answer)) }, form);
    document.body.append(box);
    box.showModal();
    form.querySelector("input, textarea")?.focus();
  });
}

function field({ name, label, type = "text", required = true, value = "", ready = [], ...rest }) {
  const control =
    type === "long"
      ? h("textarea", { name, rows: 3, required, maxlength: 2000, "aria-label": label }, value)
      : h("input", { name, type, required, value, autocomplete: "off", "aria-label": label, ...rest });
  const picks = ready.map((words) => button(words, () => ((control.value = words), control.focus())));
  return h("div", { class: "field" }, h("span", {}, label), picks.length > 0 && h("div", { class: "row" }, picks), control);
}
