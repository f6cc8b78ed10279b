/** The dialog that asks before something that cannot be taken back, and the one that shows a secret once. */

/**
 * Asks what `data-confirm` says; true at once where there is nothing to ask.
 * @param {HTMLElement} element
 * @returns {Promise<boolean>}
 */
export function confirmFor(element) {
  const { confirm, confirmText, confirmYes } = element.dataset;
  if (!confirm) return Promise.resolve(true);
  return ask(confirm, confirmText || "", confirmYes || "Yes");
}

/**
 * @param {string} title
 * @param {string} text what will happen
 * @param {string} yes the word on the button
 * @param {"danger" | "calm"} [tone]
 * @returns {Promise<boolean>}
 */
export function ask(title, text, yes, tone = "danger") {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("confirm"));
  const back = returnTarget();
  const words = { "confirm-title": title, "confirm-text": text, "confirm-yes": yes };
  for (const [id, value] of Object.entries(words)) /** @type {HTMLElement} */ (document.getElementById(id)).textContent = value;
  document.getElementById("confirm-yes")?.classList.toggle("btn--danger", tone === "danger");
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      back?.focus();
      resolve(dialog.returnValue === "yes");
    }, { once: true });
  });
}

/**
 * Shows a secret this one time. Leaving the dialog loads the page again, which no longer has it.
 * @param {string} id
 * @param {string} secret
 */
export function showSecret(id, secret) {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById(id));
  const value = /** @type {HTMLElement} */ (document.getElementById(`${id}-value`));
  value.textContent = secret;
  // Escape would throw away what cannot be shown again.
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.addEventListener("close", () => location.reload(), { once: true });
  dialog.querySelector("[data-dialog-close]")?.addEventListener("click", () => dialog.close(), { once: true });
  dialog.showModal();
}

/** The button inside a menu is gone once the menu closes: its opener gets the focus back instead. */
function returnTarget() {
  const active = /** @type {HTMLElement | null} */ (document.activeElement);
  const menu = active?.closest("[popover]");
  if (!menu) return active;
  const opener = /** @type {HTMLElement | null} */ (document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`));
  /** @type {HTMLElement} */ (menu).hidePopover();
  return opener;
}
