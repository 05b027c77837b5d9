/**
 * The frame: which page is shown, who is signed in, whether there is a network.
 *
 * A page is a module that exports `show(main, state)`. It is called whenever the address changes by
 * anything but the page's own `state.go`, and may draw into `main` as it likes. `state.signal` is
 * aborted when the page is left or shown anew.
 *
 * @typedef {object} State
 * @property {string} page
 * @property {Record<string, string>} params What the address holds.
 * @property {object} session Who is here (see signin.js).
 * @property {AbortSignal} signal
 * @property {(params: Record<string, string|null>, options?: {replace?: boolean}) => void} go
 *   Changes the address without showing the page anew.
 */

import { onKeyWanted } from "./api.js";
import { button, byId, fill, h } from "./dom.js";
import { askForKey, loadSession, onSession, session } from "./signin.js";
import { HOME, go, read } from "./url.js";

const PAGES = {
  find: { title: "Find people", load: () => import("./find.js") },
  freelancer: { title: "Freelancer", load: () => import("./freelancer.js") },
  model: { title: "Model", load: () => import("./model.js") },
};

let leaving = new AbortController();
let shown = null;

async function showPage() {
  const { page: asked, params } = read(location.hash);
  const page = asked in PAGES ? asked : HOME;
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  const main = byId("main");
  if (page !== shown) enter(page, main);
  try {
    const { show } = await PAGES[page].load();
    if (signal.aborted) return;
    await show(main, { page, params, session: session(), signal, go: (next, options) => go(page, next, options) });
  } catch (error) {
    if (signal.aborted) return;
    console.error(error);
    fill(main, broken());
  }
}

function enter(page, main) {
  for (const link of document.querySelectorAll("nav [data-page]")) {
    if (link.dataset.page === page) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = `${PAGES[page].title} – matcher`;
  fill(main);
  if (shown !== null) {
    main.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
  shown = page;
}

function broken() {
  return h(
    "div",
    { class: "problem", role: "alert" },
    h("h1", {}, "This page could not be shown"),
    h("p", {}, "A part of it did not load. Check the connection and try again."),
    button("Try again", () => location.reload()),
  );
}

function watchNetwork() {
  const tell = () => {
    byId("offline").textContent = navigator.onLine ? "" : "You are offline. What you type stays here; lists and decisions need the network.";
  };
  addEventListener("online", tell);
  addEventListener("offline", tell);
  tell();
}

async function start() {
  watchNetwork();
  onKeyWanted(askForKey);
  byId("skip").addEventListener("click", (event) => (event.preventDefault(), byId("main").focus()));
  addEventListener("hashchange", showPage);
  const found = await loadSession();
  onSession(showPage);
  if (found.needs_key && !found.signed_in) askForKey();
  await showPage();
}

start();
