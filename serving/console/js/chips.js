/**
 * What was understood of the brief, as labels that a person corrects.
 *
 * Every label is a button that opens its editor, beside a button that takes it away; Delete does so, too.
 */

import { button, fill, h, icon } from "./dom.js";
import { FIELDS, valueOf } from "./fields.js";

/**
 * @param {(changes: {job?: object, filters?: object}) => void} onChange
 * @returns {{root: HTMLElement, draw: (job: object, filters: object, found: object[]) => void}}
 */
export function chipRow(onChange) {
  const row = h("ul", { class: "chips", "aria-label": "Understood from the brief" });
  const root = h("div", { class: "understood" }, h("span", { class: "label", "aria-hidden": "true" }, "Understood"), row);
  let wanted = null; // what has the focus after the next drawing
  let drawn = ""; // what is there: drawing the same anew would close an editor under somebody's hands
  const tell = (field, changes, focus) => {
    wanted = focus;
    onChange(field.inFilters ? { filters: changes } : { job: changes });
  };
  const draw = (job, filters, found = []) => {
    const context = { row, job, filters, found, tell, redraw: (focus) => ((wanted = focus), (drawn = ""), draw(job, filters, found)) };
    const next = JSON.stringify([job, filters]);
    if (next === drawn) return;
    drawn = next;
    fill(row, FIELDS.flatMap((field) => chipsOf(field, context)), h("li", {}, adder(context)));
    if (wanted) (row.querySelector(`[data-chip="${CSS.escape(wanted)}"]`) ?? row.querySelector(".chip-add"))?.focus();
    wanted = null;
  };
  return { root, draw };
}

function chipsOf(field, context) {
  const holder = field.inFilters ? context.filters : context.job;
  if (!field.isList) {
    const words = field.words(holder);
    return words === null ? [] : [chip(field, words, null, context)];
  }
  return (holder[field.name] ?? []).map((value) => chip(field, field.wordsOf(value), value, context));
}

function chip(field, words, value, context) {
  const key = value === null ? field.name : `${field.name}:${value}`;
  const remove = () => context.tell(field, removed(field, value, context), "add");
  const from = context.found.find((one) => one.field === field.name && (value === null || one.value === value));
  const item = h("li", { class: "chip", "data-field": field.name });
  const edit = () => fill(item, editor(field, value, context, key));
  item.append(
    h(
      "button",
      {
        type: "button",
        class: "chip-words",
        "data-chip": key,
        title: from ? `Read in the brief as “${from.value}”` : null,
        onclick: edit,
        onkeydown: (event) => ["Delete", "Backspace"].includes(event.key) && remove(),
      },
      h("span", { class: "chip-kind" }, `${field.label}: `),
      words,
    ),
    h("button", { type: "button", class: "chip-remove", "aria-label": `Remove ${field.label}: ${words}`, onclick: remove }, icon("cross")),
  );
  return item;
}

function removed(field, value, { job, filters }) {
  if (field.isList) return { [field.name]: (field.inFilters ? filters : job)[field.name].filter((one) => one !== value) };
  return Object.fromEntries(field.columns.map((column) => [column, null]));
}

function adder(context) {
  const missing = FIELDS.filter((field) => field.isList || field.words(field.inFilters ? context.filters : context.job) === null);
  const menu = h(
    "select",
    {
      class: "chip-add",
      "data-chip": "add",
      "aria-label": "Add to what was understood",
      onchange: () => {
        const field = missing.find((one) => one.name === menu.value);
        if (field) menu.parentElement.replaceChildren(editor(field, null, context, "add"));
      },
    },
    h("option", { value: "" }, "Add…"),
    missing.map((field) => h("option", { value: field.name }, field.label)),
  );
  return menu;
}

function editor(field, value, context, key) {
  const holder = field.inFilters ? context.filters : context.job;
  const inputs = field.inputs.map((input) => inputOf(field, input, value, holder));
  const said = h("span", { class: "minus small", role: "alert" });
  const form = h(
    "form",
    {
      class: "chip-form",
      onsubmit: (event) => {
        event.preventDefault();
        save(field, value, context, form, said);
      },
      onkeydown: (event) => event.key === "Escape" && context.redraw(key),
    },
    inputs,
    h("button", { class: "button primary" }, "Set"),
    button("Cancel", () => context.redraw(key)),
    said,
  );
  queueMicrotask(() => form.querySelector("input, select").focus());
  return form;
}

function inputOf(field, input, value, holder) {
  const now = field.isList ? (value === null ? "" : field.wordsOf(value)) : valueOf(field, input, holder);
  const control = input.choices
    ? h("select", { name: input.name }, input.choices.map(([one, words]) => h("option", { value: one, selected: one === now }, words)))
    : h("input", { name: input.name, type: input.type, value: now ?? "", min: input.min, max: input.max, step: input.step ?? "any", placeholder: input.hint, autocomplete: "off", maxlength: 200 });
  return h("label", { class: "field" }, h("span", {}, input.label), control);
}

function save(field, value, context, form, said) {
  const values = Object.fromEntries(new FormData(form));
  try {
    if (!field.isList) return context.tell(field, field.read(values), field.name);
    const written = field.readOne(values[field.name]);
    const kept = context.job[field.name] ?? [];
    const at = value === null ? kept.length : kept.indexOf(value);
    const next = [...kept.slice(0, at), ...written, ...kept.slice(value === null ? at : at + 1)];
    return context.tell(field, { [field.name]: [...new Set(next)] }, written.length ? `${field.name}:${written[0]}` : "add");
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    said.textContent = error.message;
    return null;
  }
}
