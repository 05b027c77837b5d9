/**
 * The job that a brief becomes once somebody acts on its list, and the people known by it.
 */

import { ApiError, ask } from "./api.js";
import { uuid } from "./decide.js";
import { jobOf, wishes } from "./search.js";
import { whyReadOnly } from "./signin.js";

/** Makes the job, unless there is one, and asks for the list anew, as one about that job. */
export async function begun(search, understood) {
  const job = search.job ?? `brief-${uuid()}`;
  if (!search.job) await ask("PUT", pathOf(job), jobOf(search, understood));
  const answer = await ask("POST", "/v1/matches", { job_id: job, ...wishes(search, understood), details: true });
  return { job, answer };
}

/** A job that exists follows the labels of its brief. */
export async function rewritten(search, understood, signal) {
  if (whyReadOnly()) return;
  const path = pathOf(search.job);
  const { posted_at } = await ask("GET", path, undefined, { signal });
  await ask("PUT", path, { ...jobOf(search, understood), posted_at }, { signal });
}

/** What people are called who are known by their ids alone: pairs of id and headline. */
export async function headlines(ids, signal) {
  return Promise.all(
    ids.map(async (id) => {
      try {
        const record = await ask("GET", `/v1/freelancers/${encodeURIComponent(id)}`, undefined, { signal });
        return [id, record.title || id];
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        return [id, id]; // gone since, or away: the id has to do
      }
    }),
  );
}

function pathOf(job) {
  return `/v1/jobs/${encodeURIComponent(job)}`;
}
