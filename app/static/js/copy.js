/** `<button data-copy="id">` copies the text of that element, and says so on itself. */
import { toast } from "./toast.js";

export function bindCopy() {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-copy]") : null;
    if (button instanceof HTMLElement) void copy(button);
  });
}

/** @param {HTMLElement} button */
async function copy(button) {
  const source = document.getElementById(button.dataset.copy || "");
  if (!source) return;
  try {
    await navigator.clipboard.writeText(source.textContent || "");
    say(button);
  } catch {
    // Without HTTPS there is no clipboard: the text is marked, so that the keyboard can copy it.
    getSelection()?.selectAllChildren(source);
    toast("The text is marked: copy it with your keyboard.");
  }
}

/** @param {HTMLElement} button */
function say(button) {
  const label = button.querySelector("[data-copy-label]");
  if (!label) return;
  label.textContent = "Copied";
  label.setAttribute("role", "status");
  setTimeout(() => {
    label.textContent = "Copy";
  }, 2500);
}
