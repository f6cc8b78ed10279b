/** Choosing a new password with the token of a mailed link. */
import { dropToken, showStep, takeToken } from "./steps.js";
import { keep } from "./toast.js";

const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-reset]"));
const token = takeToken();

if (token) form.dataset.body = JSON.stringify({ token });
else showStep("broken");

form.addEventListener("api:done", (event) => {
  event.preventDefault();
  dropToken();
  keep("Your password is changed. Sign in with it.");
  location.assign("/login");
});
