/** Binds `<button data-api="DELETE /api/…">`: asks first when it has `data-confirm`, calls, then finishes like a form. */
import { call } from "./api.js";
import { confirmFor } from "./dialog.js";
import { finish, sayError } from "./toast.js";

export function bindActions() {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button[data-api]") : null;
    if (button instanceof HTMLButtonElement) void act(button);
  });
}

/** @param {HTMLButtonElement} button */
async function act(button) {
  if (button.getAttribute("aria-busy") === "true" || !(await confirmFor(button))) return;
  button.setAttribute("aria-busy", "true");
  try {
    const [method, path] = (button.dataset.api || "").split(" ");
    const answer = await call(method, path, button.dataset.body ? JSON.parse(button.dataset.body) : undefined);
    const done = new CustomEvent("api:done", { detail: answer, cancelable: true, bubbles: true });
    if (button.dispatchEvent(done)) finish(button);
  } catch (error) {
    sayError(error);
  } finally {
    button.removeAttribute("aria-busy");
  }
}
