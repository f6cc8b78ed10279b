/** The dialog that asks before something that cannot be taken back, and the one that shows a secret once. */

/** @type {(() => void) | null} the question that is open, to be answered with no when another is asked */
let leaveUnanswered = null;

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
  leaveUnanswered?.();
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    const answered = new AbortController();
    leaveUnanswered = () => {
      answered.abort();
      resolve(false);
    };
    dialog.addEventListener("close", () => {
      // A close is told of late: the dialog may be open again, for the next question.
      if (dialog.open) return;
      leaveUnanswered = null;
      answered.abort();
      back?.focus();
      resolve(dialog.returnValue === "yes");
    }, answered);
  });
}

/**
 * Calls `leave` instead of closing when Escape is pressed. Browsers let a page hold back `cancel` only once between
 * two clicks; the key itself can always be held back.
 * @param {HTMLDialogElement} dialog
 * @param {() => void} leave
 */
export function onEscape(dialog, leave) {
  const instead = (/** @type {Event} */ event) => {
    event.preventDefault();
    leave();
  };
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape") instead(event);
  });
  dialog.addEventListener("cancel", instead);
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
  onEscape(dialog, () => {});
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
