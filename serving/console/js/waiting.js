/** What stands in the place of an answer: while it is on its way, and when it does not come. */

import { ApiError } from "./api.js";
import { button, h } from "./dom.js";

/** Grey lines where words will be; `words`, where there are any, are for those who do not see them. */
export function skeleton(words, lines) {
  return h(
    "div",
    { class: "panel stack waiting", "aria-busy": "true" },
    words !== null && h("p", { class: "hidden-text", role: "status" }, `${words}…`),
    Array.from({ length: lines }, () => h("div", { class: "skeleton", "aria-hidden": "true" }, "\u00a0")),
  );
}

/** What went wrong, and a way to try again; what is no refusal is a bug and goes on. */
export function failure(error, again) {
  if (!(error instanceof ApiError)) throw error;
  const title = error.status === 401 ? "Sign in to see this" : error.title;
  const detail = error.status === 401 ? "The service asks for an API key." : error.message;
  return h(
    "div",
    { class: "problem", role: "alert" },
    h("h2", {}, title),
    detail !== title && h("p", {}, detail),
    button("Try again", again),
  );
}
