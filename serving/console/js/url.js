/**
 * The part of the address after `#` holds the page and the search: it can be shared, and is never sent.
 */

export const HOME = "find";

/**
 * Reads `#/page?a=1&b=2`.
 *
 * @param {string} hash
 * @returns {{page: string, params: Record<string, string>}}
 */
export function read(hash) {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split(/\?(.*)/s);
  return { page: path.split("/")[0] || HOME, params: Object.fromEntries(new URLSearchParams(query)) };
}

/** Writes it; what is null or empty is left out. */
export function write(page, params) {
  const kept = Object.entries(params).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return `#/${page}${kept.length ? `?${new URLSearchParams(kept)}` : ""}`;
}

/** Changes the address without loading anything; an equal one adds nothing to go back to. */
export function go(page, params, { replace = false } = {}) {
  const next = write(page, params);
  if (next === location.hash) return;
  history[replace ? "replaceState" : "pushState"](null, "", next);
}

/** A value that was written by `packed`, or null where it is none. */
export function unpacked(text) {
  if (!text) return null;
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null; // somebody cut the address
  }
}

/** An object as a parameter; an empty one still says that it was chosen. */
export function packed(value) {
  return value === null ? null : JSON.stringify(value);
}
