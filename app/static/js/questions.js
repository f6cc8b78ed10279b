/** The test questions: a question that nothing answers has neither a document nor a sentence. */
import { bindOpens } from "./opens.js";

bindOpens();
for (const choice of document.querySelectorAll("[data-answered]")) choice.addEventListener("change", settle);
settle();

const now = document.querySelector("dialog[data-open-now]");
if (now instanceof HTMLDialogElement) now.showModal();

function settle() {
  const fields = /** @type {HTMLElement | null} */ (document.querySelector("[data-answer-fields]"));
  const chosen = /** @type {HTMLInputElement | null} */ (document.querySelector("[data-answered]:checked"));
  if (!fields || !chosen) return;
  fields.hidden = chosen.value === "no";
  for (const control of fields.querySelectorAll("select, textarea")) {
    /** @type {HTMLSelectElement | HTMLTextAreaElement} */ (control).disabled = fields.hidden;
  }
}
