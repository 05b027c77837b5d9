/**
 * Asks the service. What it refuses comes as an `ApiError` that says what was found and what to do.
 */

const PATIENCE_MS = 35_000; // the service itself gives up after 30 s

/** A refusal, or no answer at all. `code` is that of the problem document, or `offline`, `slow`, `unreadable`. */
export class ApiError extends Error {
  constructor({ code, title, detail = "", status = 0, errors = null }) {
    super(detail || title);
    Object.assign(this, { code, title, detail, status, errors });
  }

  /** Whether the same may work in a while. */
  get isPassing() {
    return this.status === 0 || this.status >= 500;
  }
}

let signIn = null;

/** Who asks for a key when the service wants one: a function that resolves to whether there is one now. */
export function onKeyWanted(ask) {
  signIn = ask;
}

/**
 * One request; JSON in, JSON out (null for 204).
 *
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {{signal?: AbortSignal, patience?: number, mayAsk?: boolean}} [options]
 */
export async function ask(method, path, body, options = {}) {
  const { signal, patience = PATIENCE_MS, mayAsk = true } = options;
  const answer = await sent(method, path, body, signal, patience);
  if (answer.status === 401 && mayAsk && signIn && (await signIn())) {
    return ask(method, path, body, { ...options, mayAsk: false });
  }
  if (!answer.ok) throw await refusal(answer);
  if (answer.status === 204) return null;
  return read(answer);
}

/** A path with the parameters that are not null. */
export function withQuery(path, parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined);
  return given.length ? `${path}?${new URLSearchParams(given)}` : path;
}

/** Whether an error only says that the page itself stopped asking. */
export function isAborted(error) {
  return error instanceof DOMException && error.name === "AbortError";
}

async function sent(method, path, body, signal, patience) {
  const clock = AbortSignal.timeout(patience);
  const request = {
    method,
    credentials: "same-origin",
    cache: "no-store",
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: signal ? AbortSignal.any([signal, clock]) : clock,
  };
  try {
    return await fetch(path, request);
  } catch (error) {
    if (signal?.aborted) throw new DOMException("left", "AbortError");
    throw silence(clock.aborted);
  }
}

function silence(wasSlow) {
  if (wasSlow) {
    return new ApiError({ code: "slow", title: "No answer in time", detail: "The service took too long. Try again in a moment." });
  }
  const detail = navigator.onLine
    ? "The service does not answer. Is it running? What you typed is kept."
    : "This device is offline. What you typed is kept.";
  return new ApiError({ code: "offline", title: "The service cannot be reached", detail });
}

async function read(answer) {
  try {
    return await answer.json();
  } catch {
    throw new ApiError({ code: "unreadable", title: "The answer was cut short", detail: "Try again.", status: 0 });
  }
}

async function refusal(answer) {
  let said = {};
  try {
    said = await answer.json();
  } catch {
    // no JSON: whatever stands between here and the service has spoken
  }
  return new ApiError({
    code: said.code ?? `http-${answer.status}`,
    title: said.title ?? "The service refused this",
    detail: said.detail ?? `It answered with status ${answer.status}.`,
    status: answer.status,
    errors: said.errors ?? null,
  });
}
