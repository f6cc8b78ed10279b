/** For how long a reply waits in this browser, so that it can be taken back. */

const KEPT = "frontdesk-hold";
const USUAL = 5;
const CHOICES = [0, USUAL, 10, 20];

/** In seconds; none, and it goes out at once. */
export function holdSeconds() {
  try {
    const kept = localStorage.getItem(KEPT);
    return kept !== null && CHOICES.includes(Number(kept)) ? Number(kept) : USUAL;
  } catch {
    return USUAL;
  }
}

/** The choice on the profile. @param {HTMLElement} group */
export function bindHolding(group) {
  const radios = /** @type {NodeListOf<HTMLInputElement>} */ (group.querySelectorAll("input"));
  const show = () => radios.forEach((one) => (one.checked = Number(one.value) === holdSeconds()));
  group.addEventListener("change", (event) => {
    try {
      localStorage.setItem(KEPT, /** @type {HTMLInputElement} */ (event.target).value);
    } catch {
      // Where the browser keeps nothing it stays as it was, and shows so.
      show();
    }
  });
  addEventListener("storage", show);
  show();
}
