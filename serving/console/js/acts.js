/**
 * What a person does to somebody on the list, with the words that it needs.
 */

import { ApiError, isAborted } from "./api.js";
import { askFor } from "./dialogs.js";
import { toast } from "./dom.js";

const DISMISSALS = ["Rate too high", "Lacks a skill", "Too few hours", "Not enough overlap"];

/**
 * @param {object} given
 * @param {() => import("./decide.js").Desk} given.desk
 * @param {() => Promise<object>} given.begin Gives the list on record: `job`, `decision`, `positionOf`, `shown`.
 * @param {(id: string) => string} given.nameOf
 * @param {(id: string) => object|undefined} given.profileOf
 * @param {() => void} given.onDone Draws what was decided.
 */
export function acts({ desk, begin, nameOf, profileOf, onDone }) {
  const write = async (words, work) => {
    try {
      await work(await begin());
      onDone();
      return true;
    } catch (error) {
      if (isAborted(error)) return false;
      if (!(error instanceof ApiError)) throw error;
      toast(`${words} was not written down. ${error.message}`, { words: "Try again", act: () => write(words, work) }, 20);
      return false;
    }
  };
  const event = (id, kind, words, value) => write(words, (list) => desk().event(list, kind, id, value));

  const shortlist = async (id) => {
    if (desk().of(id).status === "shortlisted") return dismiss(id);
    return event(id, "shortlisted", `Shortlisting ${nameOf(id)}`);
  };

  const dismiss = async (id) => {
    if (desk().of(id).status === "dismissed") return shortlist(id);
    const said = await askFor({
      title: `Dismiss ${nameOf(id)}`,
      lead: "The reason is kept with your name, and can be read by whoever decides after you.",
      fields: [{ name: "reason", label: "Reason", type: "long", ready: DISMISSALS }],
      confirm: "Dismiss",
    });
    if (!said) return false;
    const done = await write(`Dismissing ${nameOf(id)}`, async (list) => {
      await desk().event(list, "rejected", id);
      if (said.reason) await desk().override(list, [id], said.reason);
    });
    if (done) toast(`${nameOf(id)} is dismissed.`, { words: "Undo, shortlist instead", act: () => shortlist(id) });
    return done;
  };

  const note = async (id) => {
    const said = await askFor({ title: `Note on ${nameOf(id)}`, fields: [{ name: "text", label: "Note", type: "long" }], confirm: "Keep" });
    return said?.text ? write("The note", (list) => desk().override(list, [id], said.text)) : false;
  };

  const invite = async (id) => {
    const done = await event(id, "invited", `Inviting ${nameOf(id)}`);
    if (done) toast(`The invitation of ${nameOf(id)} is on record.`);
    return done;
  };

  const hire = async (id) => {
    const said = await askFor({
      title: `Hire ${nameOf(id)}`,
      lead: "Writes down that a contract began. It fills a position of this job.",
      fields: [{ name: "rate", label: "Agreed rate or price, USD", type: "number", min: 0, step: "any", value: profileOf(id)?.hourly_rate_usd ?? "" }],
      confirm: "Hire",
    });
    return said ? event(id, "hired", `Hiring ${nameOf(id)}`, Number(said.rate)) : false;
  };

  /** A new order of the shortlist; everybody else follows as the list had them. */
  const move = (id, step) => {
    const order = desk().shortlist();
    const at = order.indexOf(id);
    [order[at], order[at + step]] = [order[at + step], order[at]];
    return write("The order", (list) => {
      const first = order.filter((one) => list.shown.includes(one));
      return desk().override(list, [...first, ...list.shown.filter((one) => !first.includes(one))]);
    });
  };

  return { shortlist, dismiss, note, invite, hire, move };
}
