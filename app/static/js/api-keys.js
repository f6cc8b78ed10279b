/** The API key page: a new key's secret is shown once, when it is made. */
import { showSecret } from "./dialog.js";

document.querySelector("[data-new-key]")?.addEventListener("api:done", (event) => {
  event.preventDefault();
  showSecret("key-dialog", /** @type {CustomEvent} */ (event).detail.secret);
});
