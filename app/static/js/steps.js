/** Pages that have several states show one `data-step` at a time, and the mailed tokens they begin with. */

/**
 * @param {string} name
 * @param {Record<string, string>} [words] text for elements marked `data-<key>` inside the step
 */
export function showStep(name, words = {}) {
  for (const step of document.querySelectorAll("[data-step]")) {
    const box = /** @type {HTMLElement} */ (step);
    box.hidden = box.dataset.step !== name;
    if (box.hidden) continue;
    for (const [key, value] of Object.entries(words)) {
      for (const place of box.querySelectorAll(`[data-${key}]`)) place.textContent = value;
    }
    /** @type {HTMLElement | null} */ (box.querySelector("h1[tabindex]"))?.focus();
  }
}

/**
 * The token of a mailed link. It comes in the fragment and moves to the history entry at once: out of sight and
 * out of anything copied from the address bar, but still there when the page is loaded again.
 * @returns {string}
 */
export function takeToken() {
  const fromLink = new URLSearchParams(location.hash.slice(1)).get("token");
  if (fromLink) history.replaceState({ token: fromLink }, "", location.pathname);
  return fromLink || (history.state && history.state.token) || "";
}

/** Forgets a token that is spent. */
export function dropToken() {
  history.replaceState(null, "", location.pathname);
}
