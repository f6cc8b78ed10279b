/** The bar that says whether something is unsaved, and the question before it is lost. */

/**
 * @param {HTMLFormElement} form
 * @param {{isDirty: () => boolean, undo: () => void}} what
 */
export function guard(form, { isDirty, undo }) {
  const bar = /** @type {HTMLElement} */ (form.querySelector("[data-savebar]"));
  const word = /** @type {HTMLElement} */ (bar.querySelector("[data-save-word]"));
  const back = /** @type {HTMLButtonElement} */ (bar.querySelector("[data-undo]"));
  const go = /** @type {HTMLButtonElement} */ (bar.querySelector("[data-save]"));
  back.addEventListener("click", () => isDirty() && undo());
  // With nothing to save the button does nothing; while it is being saved it is not done twice.
  form.addEventListener("submit", (event) => {
    if (isDirty() && !go.hasAttribute("aria-busy")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  });
  addEventListener("beforeunload", (event) => {
    if (isDirty()) event.preventDefault();
  });

  return {
    show() {
      const dirty = isDirty();
      const words = dirty ? "There are unsaved changes." : "Everything is saved.";
      if (word.textContent !== words) word.textContent = words;
      bar.classList.toggle("savebar--dirty", dirty);
      for (const button of [back, go]) button.ariaDisabled = String(!dirty);
    },
    /** Gives back what ends it. */
    occupy() {
      go.setAttribute("aria-busy", "true");
      return () => go.removeAttribute("aria-busy");
    },
  };
}
