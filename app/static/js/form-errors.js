/** Says what is wrong: beside the field where there is one, above the form where there is none. */
import { ApiError } from "./api.js";

/**
 * @param {HTMLFormElement} form
 * @param {unknown} error null clears everything
 */
export function showError(form, error) {
  clear(form);
  if (error === null) return;
  const said = error instanceof ApiError ? error : new ApiError(0, { code: "page", message: "This page has a problem. Please load it again." });
  if (!(error instanceof ApiError)) console.error(error);
  const homeless = placeFields(form, said.fields);
  const firstWrong = /** @type {HTMLElement | null} */ (form.querySelector("[aria-invalid='true'], fieldset.is-wrong"));
  const sentences = firstWrong ? homeless : [said.message, ...homeless];
  if (sentences.length) showSummary(form, sentences, said);
  const summary = alertOf(form);
  (firstWrong || summary)?.focus();
}

/** @param {HTMLFormElement} form */
function clear(form) {
  for (const control of form.querySelectorAll("[aria-invalid]")) unmark(control);
  for (const group of form.querySelectorAll("fieldset.is-wrong")) group.classList.remove("is-wrong");
  for (const line of form.querySelectorAll(".field__error")) {
    line.textContent = "";
    /** @type {HTMLElement} */ (line).hidden = true;
  }
  const summary = alertOf(form);
  if (summary) {
    summary.replaceChildren();
    summary.hidden = true;
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {Record<string, string>} fields
 * @returns {string[]} the sentences that found no field on this form
 */
function placeFields(form, fields) {
  /** @type {string[]} */
  const homeless = [];
  for (const [name, sentence] of Object.entries(fields)) {
    // A list's item is reported as `scopes.0`; it belongs to the list.
    const field = /** @type {HTMLElement | null} */ (form.querySelector(`[data-field="${CSS.escape(name.split(".")[0])}"]`));
    const line = /** @type {HTMLElement | null} */ (field?.querySelector(".field__error") ?? null);
    if (!field || !line) {
      homeless.push(sentence);
      continue;
    }
    line.textContent = sentence;
    line.hidden = false;
    if (field instanceof HTMLFieldSetElement) markGroup(field, line);
    else mark(field, line);
  }
  return homeless;
}

/**
 * @param {HTMLElement} field
 * @param {HTMLElement} line
 */
function mark(field, line) {
  const control = field.querySelector("input, select, textarea");
  if (!control) return;
  control.setAttribute("aria-invalid", "true");
  const hint = control.getAttribute("aria-describedby") || "";
  control.setAttribute("aria-describedby", hint.includes(line.id) ? hint : `${line.id} ${hint}`.trim());
  control.addEventListener("input", () => {
    unmark(control);
    line.hidden = true;
  }, { once: true });
}

/**
 * @param {HTMLFieldSetElement} group
 * @param {HTMLElement} line
 */
function markGroup(group, line) {
  group.classList.add("is-wrong");
  group.setAttribute("aria-describedby", line.id);
  group.addEventListener("change", () => {
    group.classList.remove("is-wrong");
    line.hidden = true;
  }, { once: true });
}

/** @param {Element} control */
function unmark(control) {
  control.removeAttribute("aria-invalid");
  const rest = (control.getAttribute("aria-describedby") || "").split(" ").filter((id) => id && !id.endsWith("-error"));
  if (rest.length) control.setAttribute("aria-describedby", rest.join(" "));
  else control.removeAttribute("aria-describedby");
}

/**
 * @param {HTMLFormElement} form
 * @param {string[]} sentences
 * @param {ApiError} said
 */
function showSummary(form, sentences, said) {
  const summary = alertOf(form);
  if (!summary) return;
  summary.className = "form-alert form__full notice notice--bad";
  for (const sentence of sentences) summary.append(paragraph(sentence));
  if (said.status >= 500 && said.requestId) summary.append(paragraph(`If it stays like this, tell your operator this number: ${said.requestId}`, "small"));
  summary.hidden = false;
}

/**
 * @param {string} text
 * @param {string} [className]
 */
function paragraph(text, className = "") {
  const line = document.createElement("p");
  line.textContent = text;
  line.className = className;
  return line;
}

/**
 * @param {HTMLFormElement} form
 * @returns {HTMLElement | null}
 */
function alertOf(form) {
  return form.querySelector("[data-form-alert]");
}
