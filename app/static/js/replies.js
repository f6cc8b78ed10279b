/** The page of canned replies and macros: searching, and the dialog in which a reply is written. */
import { bindEditor } from "./editing.js";
import { showError } from "./form-errors.js";
import { bindMacros } from "./macros.js";
import { complaint, fill, holes } from "./variables.js";

const SHORTCUT = /^(\/?[A-Za-z0-9_-]{1,39})?$/;
const UNFIT = "Please use letters without accents, digits, - and _ only, and no space.";
const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-reply-form]"));
const text = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("text"));
/** @type {Record<string, string>} */
const examples = JSON.parse(form.dataset.examples || "{}");
const editor = bindEditor(/** @type {HTMLDialogElement} */ (form.closest("dialog")), () => JSON.stringify(["shortcut", "title", "text"].map((name) => control(name).value)));

for (const button of document.querySelectorAll("[data-reply-new]")) button.addEventListener("click", () => open({}));
for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-reply-edit]"))) {
  button.addEventListener("click", () => open(JSON.parse(button.dataset.replyEdit || "{}")));
}
for (const chip of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-variable]"))) chip.addEventListener("click", () => insert(chip.dataset));
form.addEventListener("input", show);
const shortcut = /** @type {HTMLInputElement} */ (control("shortcut"));
shortcut.addEventListener("input", () => shortcut.setCustomValidity(SHORTCUT.test(shortcut.value.trim()) ? "" : UNFIT));
bindSearch();
bindMacros();

/** @param {Record<string, string>} reply without an id it is a new one */
function open(reply) {
  showError(form, null);
  form.dataset.api = reply.id ? `PATCH /api/canned-replies/${reply.id}` : "POST /api/canned-replies";
  form.dataset.toast = reply.id ? "Reply saved." : "Reply added.";
  for (const name of ["shortcut", "title", "text"]) control(name).value = reply[name] || "";
  shortcut.setCustomValidity("");
  show();
  editor.open(reply.id ? `Edit /${reply.shortcut}` : "New reply");
}

/** Where the cursor stands, and in place of what is marked. @param {DOMStringMap} chosen */
function insert({ variable, fallback }) {
  text.setRangeText(`{{${variable}${fallback ? `|${fallback}` : ""}}}`, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
  text.focus();
}

function show() {
  const known = /** @type {HTMLInputElement} */ (form.querySelector("[name=sample]")).checked;
  const values = known ? examples : Object.fromEntries(Object.entries(examples).filter(([name]) => !name.startsWith("contact.")));
  const sample = /** @type {HTMLElement} */ (form.querySelector("[data-sample]"));
  const pieces = fill(text.value.trim(), values).map((piece) => {
    if (!piece.filled) return piece.text;
    const mark = document.createElement("mark");
    mark.textContent = piece.text;
    return mark;
  });
  sample.replaceChildren(...(pieces.length ? pieces : ["Nothing is written yet."]));
  sample.classList.toggle("faint", !pieces.length);
  warn(values);
}

/** @param {Record<string, string>} values */
function warn(values) {
  const word = /** @type {HTMLElement} */ (form.querySelector("[data-sample-word]"));
  const empty = holes(text.value, values);
  const said = complaint(text.value, Object.keys(examples)) || (empty.length ? `Nothing is said for ${empty.join(", ")}. Put a word behind a bar: {{${empty[0]}|there}}.` : "");
  if (word.textContent !== said) word.textContent = said;
}

/** @param {string} name */
function control(name) {
  return /** @type {HTMLInputElement | HTMLTextAreaElement} */ (form.elements.namedItem(name));
}

function bindSearch() {
  const search = /** @type {HTMLInputElement | null} */ (document.querySelector("[data-sift]"));
  const rows = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-words]")]);
  search?.addEventListener("input", () => {
    const wanted = search.value.toLowerCase().replace(/^\//, "").trim().split(/\s+/);
    for (const row of rows) row.hidden = !wanted.every((word) => row.dataset.words?.includes(word));
    const shown = rows.filter((row) => !row.hidden).length;
    /** @type {HTMLElement} */ (document.querySelector("[data-sift-none]")).hidden = shown > 0;
    /** @type {HTMLElement} */ (document.querySelector("[data-sift-count]")).textContent = `${shown} of ${rows.length} replies`;
  });
}
