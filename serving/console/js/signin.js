/**
 * Who is here, and the dialog that asks for a key. The key goes into a cookie that no script can read.
 */

import { ApiError, ask } from "./api.js";
import { button, byId, fill, h } from "./dom.js";

/** What the service says of this browser; until it said so, nothing may be written. */
const UNKNOWN = { needs_key: false, signed_in: false, scopes: [], name: null, can_write: false, records: false };

let current = { ...UNKNOWN, known: false };
let open = null;
const listeners = new Set();

/** The session as last known. */
export function session() {
  return current;
}

/** Calls back when somebody signs in or out. */
export function onSession(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Asks the service who this is. */
export async function loadSession() {
  try {
    become(await ask("GET", "/v1/session", undefined, { mayAsk: false }));
  } catch {
    become(UNKNOWN); // the page itself will meet the same trouble, and say so
  }
  return current;
}

/** One dialog at a time; resolves to whether there is a key now. */
export function askForKey() {
  open ??= dialog().finally(() => (open = null));
  return open;
}

/** Why nothing can be written; null where it can. */
export function whyReadOnly() {
  if (current.can_write) return null;
  if (!current.known) return "The service has not said yet who you are, so nothing can be written down.";
  if (current.needs_key && !current.signed_in) return "You are not signed in: nothing can be written down.";
  if (!current.records) return "This service was started without a database: lists can be made, but nothing can be written down.";
  return "Your key may read but not write: lists can be made, but nothing can be written down.";
}

function become(next) {
  current = { ...next, known: next !== UNKNOWN };
  drawWho();
  for (const listener of listeners) listener(current);
}

function drawWho() {
  const parts = [];
  if (current.needs_key && !current.signed_in) parts.push(button("Sign in", askForKey));
  if (current.needs_key && current.signed_in) {
    parts.push(h("span", { class: "who-name" }, current.name ?? "signed in"), button("Sign out", signOut));
  }
  const mayRead = current.known && (current.signed_in || !current.needs_key);
  if (mayRead && !current.can_write) parts.unshift(h("span", { class: "tag warn", title: whyReadOnly() }, "read-only"));
  fill(byId("who"), parts);
}

async function signOut() {
  try {
    await ask("DELETE", "/v1/session", undefined, { mayAsk: false });
  } catch {
    // the cookie is gone, or the service is: asking again tells
  }
  await loadSession();
}

function dialog() {
  return new Promise((resolve) => {
    const key = h("input", { type: "password", name: "key", autocomplete: "current-password", required: true, spellcheck: "false" });
    const said = h("p", { class: "minus small", role: "alert" });
    const form = h(
      "form",
      { method: "dialog", onsubmit: (event) => (event.preventDefault(), tryKey(key, said, box)) },
      h("h2", { id: "signin-title" }, "Sign in"),
      h("p", { class: "small" }, "This service asks for an API key. ", h("code", {}, "matcher keys make NAME"), " makes one."),
      h("label", { class: "field" }, h("span", {}, "API key"), key),
      said,
      h("div", { class: "ends" }, button("Not now", () => box.close()), h("button", { class: "button primary" }, "Sign in")),
    );
    const box = h("dialog", { "aria-labelledby": "signin-title", onclose: () => (box.remove(), resolve(current.signed_in)) }, form);
    document.body.append(box);
    box.showModal();
  });
}

async function tryKey(key, said, box) {
  said.textContent = "";
  try {
    become(await ask("POST", "/v1/session", { key: key.value.trim() }, { mayAsk: false }));
    box.close();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    said.textContent = error.status === 401 ? "The service does not know this key, or it has expired." : error.message;
    key.select();
  }
}
