/** A dialog in which something longer is written: it opens filled, and asks before it throws away what was typed. */
import { ask, onEscape } from "./dialog.js";

/**
 * @param {HTMLDialogElement} dialog
 * @param {() => string} read everything that is written in it
 */
export function bindEditor(dialog, read) {
  let before = "";
  const leave = async () => {
    const sure = read() === before || (await ask("Leave without saving?", "What you wrote here is lost.", "Leave"));
    if (sure) dialog.close();
  };
  onEscape(dialog, () => void leave());
  dialog.querySelector("[data-leave]")?.addEventListener("click", () => void leave());

  return {
    /** @param {string} title */
    open(title) {
      /** @type {HTMLElement} */ (dialog.querySelector("h2")).textContent = title;
      before = read();
      dialog.showModal();
      /** @type {HTMLElement | null} */ (dialog.querySelector("input"))?.focus();
    },
  };
}
