/** Signing in, signing up and asking for a new password. */
import { cookie, renewOnce, samePath } from "./api.js";
import { showStep } from "./steps.js";

const TRIED = "frontdesk-resumed-at";

bindLogin();
bindForgot();
bindDemo();

function bindLogin() {
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-login]"));
  if (!form) return;
  const next = samePath(new URLSearchParams(location.search).get("next") || form.dataset.next);
  form.dataset.then = next;
  const google = /** @type {HTMLAnchorElement | null} */ (document.querySelector("[data-google]"));
  if (google) google.href = `/api/auth/google?next=${encodeURIComponent(next)}`;
  void resume(next);
}

/**
 * Whoever comes here only because the short token lapsed still holds a refresh token: they go straight on.
 * Once in ten seconds at most, so that a session which the server does not like cannot send them round in circles.
 * @param {string} next
 */
async function resume(next) {
  if (!cookie("csrf_refresh_token") || Date.now() - lastTry() < 10_000) return;
  sessionStorage.setItem(TRIED, String(Date.now()));
  const note = /** @type {HTMLElement | null} */ (document.querySelector("[data-resuming]"));
  if (note) note.hidden = false;
  try {
    if (await renewOnce(cookie("csrf_access_token"))) location.replace(next);
    else if (note) note.hidden = true;
  } catch {
    if (note) note.hidden = true;
  }
}

function lastTry() {
  try {
    return Number(sessionStorage.getItem(TRIED) || 0);
  } catch {
    // Without storage there is no telling, so there is no second way in either: the form is.
    return Date.now();
  }
}

function bindForgot() {
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-forgot]"));
  form?.addEventListener("api:done", (event) => {
    event.preventDefault();
    const answer = /** @type {CustomEvent} */ (event).detail;
    showStep("sent", answer?.message ? { message: answer.message } : {});
  });
  document.querySelector("[data-again]")?.addEventListener("click", () => {
    showStep("ask");
    form?.querySelector("input")?.focus();
  });
}

function bindDemo() {
  const button = /** @type {HTMLElement | null} */ (document.querySelector("[data-demo-fill]"));
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    for (const name of ["email", "password"]) {
      const input = /** @type {HTMLInputElement} */ (document.getElementById(`f-${name}`));
      input.value = document.querySelector(`[data-demo-${name}]`)?.textContent || "";
      input.dispatchEvent(new Event("input"));
    }
    /** @type {HTMLElement | null} */ (document.querySelector("[data-login] button[type='submit']"))?.focus();
  });
}
