/** A document's facts: pairs of free words, gathered into one object before the form is sent. */
import { part } from "./rows.js";

export function bindFacts() {
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-edit]"));
  if (!form) return;
  const list = part(form, "[data-facts]");
  part(form, "[data-fact-add]").addEventListener("click", () => add(list));
  list.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-fact-remove]") : null;
    if (button) remove(form, /** @type {HTMLElement} */ (button.closest("li")));
  });
  // Before forms.js hears of it, which listens at the document.
  form.addEventListener("submit", (event) => gather(form, event));
}

/** @param {HTMLElement} list */
function add(list) {
  const template = /** @type {HTMLTemplateElement} */ (document.querySelector("template[data-fact-row]"));
  const row = /** @type {HTMLElement} */ (/** @type {Element} */ (template.content.firstElementChild).cloneNode(true));
  list.append(row);
  part(row, "[data-fact-name]").focus();
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement} row
 */
function remove(form, row) {
  row.remove();
  part(form, "[data-fact-add]").focus();
}

/**
 * @param {HTMLFormElement} form
 * @param {Event} event
 */
function gather(form, event) {
  /** @type {Record<string, string>} */
  const facts = {};
  for (const row of form.querySelectorAll("[data-facts] > li")) {
    const name = /** @type {HTMLInputElement} */ (part(row, "[data-fact-name]"));
    const value = /** @type {HTMLInputElement} */ (part(row, "[data-fact-value]")).value.trim();
    const key = name.value.trim();
    if (!key && !value) continue;
    if (!key || key in facts) return refuse(event, name, key ? "This name stands here twice." : "Please give this fact a name.");
    facts[key] = value;
  }
  form.dataset.body = JSON.stringify({ attributes: facts });
}

/**
 * @param {Event} event
 * @param {HTMLInputElement} name
 * @param {string} sentence
 */
function refuse(event, name, sentence) {
  event.preventDefault();
  event.stopPropagation();
  const line = part(document, "#f-attributes-error");
  line.textContent = sentence;
  line.hidden = false;
  name.setAttribute("aria-invalid", "true");
  name.setAttribute("aria-describedby", line.id);
  name.addEventListener("input", () => {
    name.removeAttribute("aria-invalid");
    line.hidden = true;
  }, { once: true });
  name.focus();
}
