/**
 * Binds `<form data-api="POST /api/…">`: sends it as JSON, says what is wrong beside the field it concerns,
 * and afterwards follows `data-then` (a path, or "reload"), with `data-toast` as the words.
 * Before that the form announces `api:done` (detail: the answer); a page that wants to do more prevents its default.
 */
import { ApiError, call } from "./api.js";
import { confirmFor } from "./dialog.js";
import { showError } from "./form-errors.js";
import { finish } from "./toast.js";

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control */

export function bindForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset.api) return;
    event.preventDefault();
    void submit(form);
  });
  for (const button of document.querySelectorAll("[data-password-toggle]")) bindToggle(button);
}

/** @param {HTMLFormElement} form */
export async function submit(form) {
  if (form.dataset.busy === "yes") return;
  const problems = problemsOf(form);
  if (problems) {
    showError(form, new ApiError(422, { code: "incomplete", message: "", fields: problems }));
    return;
  }
  showError(form, null);
  if (!(await confirmFor(form))) return;
  const free = occupy(form);
  try {
    const [method, path] = (form.dataset.api || "").split(" ");
    const answer = await call(method, path, payload(form));
    const done = new CustomEvent("api:done", { detail: answer, cancelable: true, bubbles: true });
    const goesOn = form.dispatchEvent(done) && Boolean(form.dataset.then);
    if (!done.defaultPrevented) finish(form);
    if (!goesOn) free();
  } catch (error) {
    free();
    showError(form, error);
  }
}

/**
 * What the form would send: list boxes become lists, single boxes booleans, `data-lines` a list of lines.
 * @param {HTMLFormElement} form
 * @returns {Record<string, unknown>}
 */
export function payload(form) {
  /** @type {Record<string, unknown>} */
  const body = JSON.parse(form.dataset.body || "{}");
  for (const control of controlsOf(form)) {
    const box = control instanceof HTMLInputElement && control.type === "checkbox";
    if (box && "list" in control.dataset) {
      const list = /** @type {string[]} */ (body[control.name] ??= []);
      if (control.checked) list.push(control.value);
    } else if (box) body[control.name] = control.checked;
    else if (control instanceof HTMLInputElement && control.type === "radio") {
      if (control.checked) body[control.name] = control.value;
    } else if ("lines" in control.dataset) body[control.name] = linesOf(control.value);
    else if ("number" in control.dataset) {
      if (control.value !== "") body[control.name] = Number(control.value);
    } else body[control.name] = isPassword(control) ? control.value : control.value.trim();
  }
  return body;
}

/** @param {string} text */
function linesOf(text) {
  return text.split(/[\n,]+/).map((line) => line.trim()).filter(Boolean);
}

/**
 * @param {HTMLFormElement} form
 * @returns {Control[]}
 */
function controlsOf(form) {
  return /** @type {Control[]} */ (Array.from(form.elements)).filter((control) =>
    control instanceof HTMLInputElement || control instanceof HTMLSelectElement || control instanceof HTMLTextAreaElement
      ? control.name && !control.disabled && !("skip" in control.dataset)
      : false,
  );
}

/**
 * What can be seen to be wrong before anything is sent, in our own words.
 * @param {HTMLFormElement} form
 * @returns {Record<string, string> | null}
 */
function problemsOf(form) {
  /** @type {Record<string, string>} */
  const problems = {};
  for (const control of controlsOf(form)) {
    const problem = problemOf(control);
    if (problem && !problems[control.name]) problems[control.name] = problem;
  }
  return Object.keys(problems).length ? problems : null;
}

/** @param {Control} control */
function problemOf(control) {
  const { validity } = control;
  if (validity.valueMissing || (control.required && !control.value.trim())) return "Please fill this in.";
  if (validity.typeMismatch) return control.type === "url" ? "This is not a complete address. It begins with https://." : "This is not a complete e-mail address.";
  const least = control instanceof HTMLInputElement ? control.minLength : -1;
  if (least > 0 && Array.from(control.value).length < least) return `Please use at least ${least} characters.`;
  return validity.valid || validity.tooShort ? "" : control.validationMessage;
}

/** @param {Control} control */
function isPassword(control) {
  return /password/.test(control.autocomplete) || /password/.test(control.name);
}

/**
 * Keeps the form from being sent twice; gives back what ends that.
 * @param {HTMLFormElement} form
 */
function occupy(form) {
  const buttons = Array.from(form.querySelectorAll("button:not([type='button'])"));
  form.dataset.busy = "yes";
  form.setAttribute("aria-busy", "true");
  for (const button of buttons) {
    button.setAttribute("aria-busy", "true");
    button.setAttribute("aria-disabled", "true");
  }
  return () => {
    form.dataset.busy = "";
    form.removeAttribute("aria-busy");
    for (const button of buttons) {
      button.removeAttribute("aria-busy");
      button.removeAttribute("aria-disabled");
    }
  };
}

/** @param {Element} element */
function bindToggle(element) {
  const button = /** @type {HTMLButtonElement} */ (element);
  const input = /** @type {HTMLInputElement | null} */ (document.getElementById(button.dataset.passwordToggle || ""));
  if (!input) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    if (button.firstChild) button.firstChild.textContent = shown ? "Hide" : "Show";
  });
}
