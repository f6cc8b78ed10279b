/** The assistant's settings: trying the model, and leaving out a key that was not typed. */

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-own-model]"));
const said = /** @type {HTMLElement | null} */ (document.querySelector("[data-trial]"));

document.querySelector("[data-tries]")?.addEventListener("api:done", (event) => {
  if (!said) return;
  const { works, message, milliseconds } = /** @type {CustomEvent} */ (event).detail;
  said.hidden = false;
  said.className = works ? "notice notice--good" : "notice notice--bad";
  said.textContent = works ? `${message} It took ${milliseconds} ms.` : message;
});

// An empty field is sent as an empty text; here it stands for "as it is".
form?.addEventListener("submit", () => {
  const key = /** @type {HTMLInputElement} */ (form.elements.namedItem("key"));
  key.disabled = key.value === "" && !key.required;
  setTimeout(() => (key.disabled = false));
}, { capture: true });
