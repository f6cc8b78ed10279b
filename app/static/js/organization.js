/** The organization page: the identity secret is shown once, when it is made. */
import { showSecret } from "./dialog.js";

document.querySelector("[data-identity-secret]")?.addEventListener("api:done", (event) => {
  event.preventDefault();
  showSecret("identity-dialog", /** @type {CustomEvent} */ (event).detail.secret);
});
