/** What belongs to the signed-in person on every page: being available, and leaving. */
import { call } from "./api.js";
import { confirmFor } from "./dialog.js";
import { sayError, toast } from "./toast.js";

export function bindSession() {
  document.querySelector("[data-availability]")?.addEventListener("change", (event) => void setAvailability(event));
  for (const button of document.querySelectorAll("[data-sign-out]")) {
    button.addEventListener("click", () => void signOut(/** @type {HTMLButtonElement} */ (button)));
  }
}

/** @param {Event} event */
async function setAvailability(event) {
  const radio = /** @type {HTMLInputElement} */ (event.target);
  try {
    await call("PATCH", `/api/users/${document.body.dataset.user}`, { availability: radio.value });
    showAvailability(radio.value);
    toast(radio.value === "online" ? "You are online: conversations can be handed to you." : "You are away: nothing is handed to you.");
  } catch (error) {
    const other = radio.value === "online" ? "away" : "online";
    const back = /** @type {HTMLInputElement | null} */ (document.querySelector(`[data-availability] input[value="${other}"]`));
    if (back) back.checked = true;
    sayError(error);
  }
}

/** @param {string} value */
function showAvailability(value) {
  for (const dot of document.querySelectorAll("[data-availability-dot]")) dot.className = `dot dot--${value}`;
  for (const text of document.querySelectorAll("[data-availability-text]")) text.textContent = value === "online" ? "Online" : "Away";
}

/** @param {HTMLButtonElement} button */
async function signOut(button) {
  if (!(await confirmFor(button))) return;
  try {
    await call("POST", button.dataset.signOut === "everywhere" ? "/api/auth/logout-everywhere" : "/api/auth/logout");
    location.assign("/login");
  } catch (error) {
    sayError(error);
  }
}
