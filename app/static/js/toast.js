/** Short words at the bottom of the page, also across a page load. */
import { ApiError } from "./api.js";

const KEPT = "frontdesk-toast";

/**
 * @param {string} text
 * @param {"good" | "bad"} [tone]
 * @param {{text: string, run: () => unknown}} [act] what can be done about it, such as taking it back
 */
export function toast(text, tone = "good", act) {
  const region = /** @type {HTMLElement} */ (document.getElementById("toasts"));
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById("toast-template"));
  const card = /** @type {HTMLElement} */ (/** @type {Element} */ (template.content.firstElementChild).cloneNode(true));
  /** @type {HTMLElement} */ (card.querySelector("[data-text]")).textContent = text;
  card.classList.toggle("toast--bad", tone === "bad");
  if (act) card.querySelector("button")?.before(button(card, act));
  card.querySelector("button")?.addEventListener("click", () => card.remove());
  region.append(card);
  makeRoom(region);
  if (tone === "good") fade(card);
}

/** @type {ResizeObserver | undefined} */
let measuring;

/** What stays until somebody closes it must not lie on what is read: where there is little room, the page makes some. @param {HTMLElement} region */
function makeRoom(region) {
  measuring ??= new ResizeObserver(() => {
    const stays = region.querySelector(".toast--bad");
    document.documentElement.style.setProperty("--toasts", stays ? `${region.offsetHeight + 24}px` : "0px");
  });
  measuring.observe(region);
}

/** What the newest words offer to do, for a key that does it. Says whether there was anything. */
export function actOnNewest() {
  const acts = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#toasts .toast__act"));
  acts[acts.length - 1]?.click();
  return acts.length > 0;
}

/** @param {HTMLElement} card @param {{text: string, run: () => unknown}} act */
function button(card, { text, run }) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "toast__act";
  made.textContent = text;
  made.addEventListener("click", () => {
    card.remove();
    void run();
  });
  return made;
}

/** @param {unknown} error */
export function sayError(error) {
  if (!(error instanceof ApiError)) console.error(error);
  const said = error instanceof ApiError ? error : new ApiError(0, {});
  const details = Object.values(said.fields).join(" ");
  const number = said.status >= 500 && said.requestId ? ` (${said.requestId})` : "";
  toast(`${details || said.message}${number}`, "bad");
}

/**
 * What follows a call that went well: `data-then` and `data-toast` of its form or button.
 * @param {HTMLElement} element
 */
export function finish(element) {
  const { then, toast: words } = element.dataset;
  if (!then) {
    if (words) toast(words);
    return;
  }
  if (words) keep(words);
  if (then === "reload") location.reload();
  else location.assign(then);
}

/**
 * Keeps words for the next page of this tab.
 * @param {string} text
 */
export function keep(text) {
  try {
    sessionStorage.setItem(KEPT, text);
  } catch {
    // A browser that forbids storage only misses the words, not the deed.
  }
}

export function showKept() {
  try {
    const text = sessionStorage.getItem(KEPT);
    sessionStorage.removeItem(KEPT);
    if (text) toast(text);
  } catch {
    // See keep().
  }
}

/**
 * Goes after seven seconds, but waits while somebody reads or tabs through it.
 * @param {HTMLElement} card
 */
function fade(card) {
  setTimeout(() => (card.matches(":hover, :focus-within") ? fade(card) : card.remove()), 7000);
}
