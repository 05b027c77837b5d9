/**
 * From a brief to a list to a decision: the parts of the page, and what follows from what.
 */

import { acts } from "./acts.js";
import { ApiError, isAborted } from "./api.js";
import { briefBox, welcome } from "./brief.js";
import { nameOf, sceneOf } from "./card.js";
import { chipRow } from "./chips.js";
import { compareBar, comparison } from "./compare.js";
import { Desk } from "./decide.js";
import { h, stylesheet, toast } from "./dom.js";
import { excludedPanel } from "./excluded.js";
import { filterForm } from "./filters.js";
import { begun, headlines, rewritten } from "./job.js";
import { results } from "./results.js";
import { MOST_COMPARED, changed, filtersOf, fromParams, identity, jobOf, list, toParams, understand } from "./search.js";
import { shortlistPanel } from "./shortlist.js";
import { loadSession, whyReadOnly } from "./signin.js";
import { similarPanel } from "./similar.js";

/** The page as it stands: made once, and drawn anew when the address changes. */
let page = null;

/** @param {HTMLElement} main @param {import("./main.js").State} state */
export async function show(main, state) {
  if (!page || page.root.parentElement !== main) {
    page = new FindPage();
    main.replaceChildren(page.root);
  }
  await page.show(state);
}

class FindPage {
  search = fromParams({});
  understood = null;
  answer = null;
  desk = new Desk();
  #read = null; // the text that `understood` is of
  #listed = null; // the identity of the search that `answer` is of
  #names = new Map(); // of people on the shortlist who are not on the list
  #comparison = null;
  #beginning = null;

  constructor() {
    const on = {
      act: (name, match, pressed) => (name === "compare" ? this.pick(match.freelancer_id, pressed) : this.acts[name](match.freelancer_id)),
      size: (k) => this.change({ k }),
      relax: (filters) => this.change({ filters }),
      again: () => this.change({}),
      retry: () => this.run(),
      back: () => history.back(),
    };
    this.on = on;
    this.brief = briefBox((text) => this.find(text));
    this.chips = chipRow((changes) => this.correct(changes));
    this.filters = filterForm(on.relax);
    this.excluded = excludedPanel(on.relax);
    this.similar = similarPanel();
    this.results = results(on);
    this.shortlist = shortlistPanel({ act: (name, id) => this.acts[name](id), move: (id, step) => this.acts.move(id, step) });
    this.bar = compareBar(() => this.compare(true), () => this.clearPicks());
    this.acts = acts({ desk: () => this.desk, begin: () => this.begin(), nameOf: (id) => this.nameOf(id), profileOf: (id) => this.match(id)?.details?.profile, onDone: () => this.decided() });
    this.locked = h("p", { class: "notice", hidden: true });
    this.middle = h("div", { class: "find-middle" }, this.results.root);
    this.root = h(
      "div",
      { class: "find" },
      h("h1", { class: "hidden-text" }, "Find people for a brief"),
      h("div", { class: "find-top stack" }, this.brief.root, this.chips.root, this.locked),
      h("div", { class: "find-side stack" }, this.filters.root, this.excluded.root, this.similar.root),
      this.middle,
      h("div", { class: "find-decided stack" }, this.shortlist.root),
      this.bar.root,
    );
  }

  /** Draws what the address says. */
  async show(state) {
    this.state = state;
    this.search = fromParams(state.params);
    this.brief.set(this.search.text);
    this.locked.textContent = state.session.known ? whyReadOnly() ?? "" : "";
    this.locked.hidden = !this.locked.textContent;
    this.root.classList.toggle("is-empty", !this.search.text);
    if (!this.search.text) return this.drawEmpty();
    if (identity(this.search) === this.#listed) return this.draw();
    return this.run();
  }

  /** A new brief: nothing that was corrected or decided belongs to it. */
  find(text) {
    const isSame = text === this.search.text;
    const next = isSame ? {} : { ...fromParams({}), k: this.search.k, filters: this.search.filters };
    return this.change({ ...next, text }, { isNew: !isSame });
  }

  /** Other wishes for the same brief. */
  change(changes, { isNew = false } = {}) {
    const next = changed(this.search, changes);
    this.search = isNew ? { ...next, earlier: [] } : next;
    this.remember();
    this.root.classList.remove("is-empty");
    return this.run();
  }

  /** A label was corrected. */
  async correct({ job, filters }) {
    if (filters) {
      const next = { ...filtersOf(this.search, this.understood), ...filters };
      return this.change({ filters: Object.fromEntries(Object.entries(next).filter(([, value]) => value !== null)) });
    }
    return this.change({ edits: { ...this.search.edits, ...job } });
  }

  /** Asks, and draws what comes; only the last of several counts. */
  async run() {
    this.asking?.abort();
    this.asking = new AbortController();
    const signal = AbortSignal.any([this.asking.signal, this.state.signal]);
    this.#listed = null;
    this.#showList();
    this.results.waiting();
    if (!this.search.job) this.desk = new Desk();
    this.drawShortlist();
    try {
      await this.#ask(signal);
      if (signal.aborted) return;
      this.draw();
      if (!this.state.session.known) loadSession(); // it did not answer before
    } catch (error) {
      if (isAborted(error) || signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      this.results.failed(error);
    }
  }

  async #ask(signal) {
    const { search } = this;
    if (this.#read !== search.text) {
      const understood = await understand(search.text, signal);
      if (signal.aborted) return;
      [this.understood, this.#read] = [understood, search.text];
    }
    this.drawWishes();
    if (search.job && !search.decision) await rewritten(search, this.understood, signal);
    const desk = new Desk();
    const [answer] = await Promise.all([list(search, this.understood, signal), search.job && desk.load(search.job, [search.decision, ...search.earlier].filter(Boolean), signal)]);
    if (signal.aborted) return;
    this.answer = answer;
    this.desk = desk;
    if (search.job && !search.decision && answer.decision_id) this.search = { ...search, decision: answer.decision_id };
    this.#listed = identity(this.search);
    this.remember({ replace: true });
    await this.#learnNames(signal);
  }

  /** Makes the brief a job, and the list one about it, unless that was done. */
  async begin() {
    this.#beginning ??= this.#begin().finally(() => (this.#beginning = null));
    return this.#beginning;
  }

  async #begin() {
    const asked = identity(this.search);
    if (asked !== this.#listed) throw new ApiError({ code: "no-list", title: "No list", detail: "The list is still being made." });
    if (!this.search.decision) {
      const { job, answer } = await begun(this.search, this.understood);
      if (asked !== identity(this.search)) throw new ApiError({ code: "no-list", title: "No list", detail: "Another list was asked for meanwhile." });
      const isOther = ids(answer).join(" ") !== ids(this.answer).join(" ");
      if (isOther) toast("The list was made anew for this job, and has changed a little since.");
      this.answer = answer;
      this.search = { ...this.search, job, decision: answer.decision_id };
      this.#listed = identity(this.search);
      this.remember({ replace: true });
      this.draw(); // what is on the page is what is on record, to the last digit
    }
    const shown = ids(this.answer);
    return { job: this.search.job, decision: this.search.decision, shown, positionOf: (id) => (shown.includes(id) ? shown.indexOf(id) + 1 : null) };
  }

  /** Draws all that follows from the answer. */
  draw() {
    const { answer, search } = this;
    const filters = filtersOf(search, this.understood);
    this.drawWishes();
    this.excluded.draw(answer.excluded, filters);
    this.similar.draw(answer.similar_jobs ?? []);
    this.scene = sceneOf(answer, jobOf(search, this.understood), this.desk, (id) => this.search.compared.includes(id));
    if (!search.comparing) this.#showList();
    if (answer.matches.length) this.results.drawn(answer, this.scene, search);
    else this.results.nobody(answer, filters);
    this.drawShortlist();
    this.bar.draw(search.compared, search.comparing);
    this.root.classList.toggle("is-comparing", search.comparing);
    if (search.comparing) this.#showComparison();
  }

  drawWishes() {
    const filters = filtersOf(this.search, this.understood);
    this.filters.draw(filters);
    this.chips.draw(jobOf(this.search, this.understood), filters, this.understood.found);
  }

  drawEmpty() {
    this.asking?.abort();
    this.#showList();
    this.results.empty(welcome((text) => (this.brief.set(text), this.find(text))));
    this.bar.draw([], false);
  }

  drawShortlist() {
    this.shortlist.draw(this.desk, (id) => this.nameOf(id), whyReadOnly());
  }

  /** Something was written down. */
  decided() {
    this.results.updateAll();
    this.#comparison?.update();
    this.drawShortlist();
  }

  /** Picks somebody for the comparison, or not any more. */
  pick(id, box) {
    const picked = this.search.compared.filter((one) => one !== id);
    if (box.checked && picked.length === MOST_COMPARED) {
      box.checked = false;
      return toast(`Four people fit side by side. Clear one first.`);
    }
    return this.#setPicked(box.checked ? [...picked, id] : picked);
  }

  clearPicks() {
    this.#setPicked([]);
    this.results.pick([]);
  }

  /** Puts the picked side by side, or the list back. */
  compare(comparing) {
    this.search = { ...this.search, comparing };
    this.remember();
    this.draw();
  }

  nameOf(id) {
    const match = this.match(id);
    return match ? nameOf(match) : this.#names.get(id) ?? id;
  }

  match(id) {
    return this.answer?.matches.find((one) => one.freelancer_id === id);
  }

  /** Writes the search into the address. */
  remember(options) {
    this.state.go(toParams(this.search), options);
  }

  #setPicked(compared) {
    this.search = { ...this.search, compared };
    this.remember({ replace: true });
    this.bar.draw(compared, false);
  }

  #showList() {
    this.#comparison?.root.remove();
    this.#comparison = null;
    this.results.root.hidden = false;
  }

  async #showComparison() {
    await stylesheet("compare.css");
    const people = this.search.compared.map((id) => this.match(id)).filter(Boolean);
    if (people.length < 2 || !this.search.comparing) return;
    if (this.#comparison) return void this.#comparison.update(people, this.scene);
    this.#comparison = comparison(people, this.scene, this.on);
    this.results.root.hidden = true;
    this.middle.append(this.#comparison.root);
    this.#comparison.root.querySelector("[data-back]").focus();
  }

  /** Headlines of people who are shortlisted for this job but not on this list. */
  async #learnNames(signal) {
    const unknown = this.desk.shortlist().filter((id) => !this.match(id) && !this.#names.has(id));
    for (const [id, name] of await headlines(unknown, signal)) this.#names.set(id, name);
  }
}

function ids(answer) {
  return answer.matches.map((one) => one.freelancer_id);
}
