/** Calls to Frontdesk's own API: JSON both ways, the CSRF header, and one renewal when a session has lapsed. */

/** An answer that says no. `fields` maps a field's name to what is wrong with it. */
export class ApiError extends Error {
  /**
   * @param {number} status 0 when there was no answer at all
   * @param {{code?: string, message?: string, fields?: Record<string, string>, request_id?: string}} said
   */
  constructor(status, said) {
    super(said.message || "Something went wrong. Please try again.");
    this.name = "ApiError";
    this.status = status;
    this.code = said.code || "unknown";
    this.fields = said.fields || {};
    this.requestId = said.request_id || "";
  }
}

/** Codes that mean: the short-lived token ended, a renewal may help. */
const LAPSED = new Set(["token_expired", "signed_out", "not_signed_in", "bad_token"]);

/** @type {Promise<boolean> | null} */
let renewal = null;

/**
 * Makes one call and gives back the parsed answer (null for an empty one).
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body] JSON value, FormData or undefined
 * @returns {Promise<any>}
 */
export async function call(method, path, body) {
  const before = cookie("csrf_access_token");
  const first = await send(method, path, body);
  if (first.ok) return read(first);
  const error = await refusal(first);
  if (error.status !== 401 || !LAPSED.has(error.code)) throw error;
  if (!(await renewOnce(before))) {
    goToSignIn();
    throw error;
  }
  const second = await send(method, path, body);
  if (second.ok) return read(second);
  throw await refusal(second);
}

/**
 * Renews the session. Tabs share the cookies, so only one of them may spend the refresh token:
 * whoever waited for the lock finds the new cookie and is done.
 * @param {string} before the CSRF cookie that belonged to the lapsed token
 * @returns {Promise<boolean>}
 */
export function renewOnce(before) {
  renewal ??= inTurn(() => renew(before)).finally(() => {
    renewal = null;
  });
  return renewal;
}

/**
 * Where the reader may be sent after signing in: a path of this site, never another host.
 * @param {string | null | undefined} wanted
 * @returns {string}
 */
export function samePath(wanted) {
  if (!wanted || !wanted.startsWith("/") || /[\\\p{Cc}]/u.test(wanted)) return "/dashboard";
  try {
    const url = new URL(wanted, location.origin);
    if (url.origin !== location.origin || url.pathname.startsWith("//")) return "/dashboard";
    return url.pathname + url.search + url.hash;
  } catch {
    return "/dashboard";
  }
}

/**
 * @param {string} name
 * @returns {string} the value of a readable cookie, or nothing
 */
export function cookie(name) {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

/** @param {string} before */
async function renew(before) {
  if (cookie("csrf_access_token") !== before) return true;
  if (!cookie("csrf_refresh_token")) return false;
  const answer = await send("POST", "/api/auth/refresh", undefined, "csrf_refresh_token");
  if (answer.ok) return true;
  if (answer.status === 401 || answer.status === 403 || answer.status === 422) return false;
  throw await refusal(answer);
}

/** @param {() => Promise<boolean>} work */
function inTurn(work) {
  return navigator.locks ? navigator.locks.request("frontdesk-renewal", work) : work();
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} body
 * @param {string} [csrf] which cookie guards this call
 * @returns {Promise<Response>}
 */
async function send(method, path, body, csrf = "csrf_access_token") {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" };
  const token = method === "GET" ? "" : cookie(csrf);
  if (token) headers["X-CSRF-TOKEN"] = token;
  const isForm = body instanceof FormData;
  if (body !== undefined && !isForm) headers["Content-Type"] = "application/json";
  try {
    return await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : isForm ? body : JSON.stringify(body),
      credentials: "same-origin",
    });
  } catch {
    throw new ApiError(0, { code: "unreachable", message: unreachable() });
  }
}

function unreachable() {
  return navigator.onLine
    ? "The server cannot be reached. Nothing was changed as far as we know; please try again in a moment."
    : "You are offline. Please try again when the connection is back.";
}

/** @param {Response} answer */
async function read(answer) {
  const text = await answer.text();
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(answer.status, { code: "unreadable", message: "The server sent an answer that we cannot read. Please load the page again." });
  }
}

/**
 * @param {Response} answer
 * @returns {Promise<ApiError>}
 */
async function refusal(answer) {
  const headerId = answer.headers.get("X-Request-ID") || "";
  try {
    const said = (await answer.json()).error;
    return new ApiError(answer.status, { request_id: headerId, ...said });
  } catch {
    return new ApiError(answer.status, { code: `http_${answer.status}`, message: plainWords(answer), request_id: headerId });
  }
}

/** @param {Response} answer */
function plainWords(answer) {
  if (answer.status === 413) return "That is too large to be sent.";
  if (answer.status === 429) return "That was too often in a short time. Please wait a moment and try again.";
  if (answer.status >= 500) return "The server has a problem. Please try again in a moment.";
  return "The server refused this. Please load the page again.";
}

function goToSignIn() {
  const here = location.pathname + location.search;
  location.assign(`/login?next=${encodeURIComponent(here)}`);
}
