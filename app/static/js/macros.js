/** The dialog in which a macro is written: a name, and steps of which each shows the field that it needs. */
import { ApiError, call } from "./api.js";
import { bindEditor } from "./editing.js";
import { showError } from "./form-errors.js";
import { createRows } from "./row-list.js";
import { keep } from "./toast.js";

const MOST = 20;
const UNITS = [10080, 1440, 60];

/** @typedef {Record<string, any>} Step */

export function bindMacros() {
  const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-macro-form]"));
  const name = /** @type {HTMLInputElement} */ (form.elements.namedItem("name"));
  const box = /** @type {HTMLElement} */ (form.querySelector("[data-rows]"));
  const rows = createRows(box, { most: MOST, changed: dress });
  const editor = bindEditor(/** @type {HTMLDialogElement} */ (form.closest("dialog")), () => JSON.stringify([name.value, rows.read()]));
  let id = "";

  for (const button of document.querySelectorAll("[data-macro-new]")) button.addEventListener("click", () => open({}));
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-macro-edit]"))) {
    button.addEventListener("click", () => open(JSON.parse(button.dataset.macroEdit || "{}")));
  }
  box.addEventListener("change", dress);
  box.addEventListener("keydown", move);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void save();
  });

  /** @param {Record<string, any>} macro without an id it is a new one */
  function open(macro) {
    showError(form, null);
    id = macro.id || "";
    name.value = macro.name || "";
    const steps = (macro.steps || []).map(laidOut);
    for (const step of steps) keepChoice(step.assignee_id);
    rows.write(steps);
    dress();
    editor.open(id ? `Edit “${macro.name}”` : "New macro");
  }

  /** Every step knows its place, and shows the one field that it needs. */
  function dress() {
    const lines = [...box.querySelectorAll(".deed")];
    lines.forEach((line, place) => {
      line.setAttribute("data-field", `steps-${place}`);
      part(line, "legend").textContent = `Step ${place + 1}`;
      part(line, ".field__error").id = `f-steps-${place}-error`;
      for (const amount of cellsOf(line, "amount")) amount.value ||= "4";
      for (const priority of cellsOf(line, "priority")) priority.value ||= "high";
      const [what] = cellsOf(line, "do");
      what.value ||= "reply";
      for (const field of /** @type {NodeListOf<HTMLElement>} */ (line.querySelectorAll("[data-of]"))) field.hidden = !field.dataset.of?.split(" ").includes(what.value);
    });
    part(box, "[data-no-steps]").hidden = lines.length > 0;
  }

  async function save() {
    const steps = rows.read().map(stepOf);
    const fields = problems(steps);
    showError(form, Object.keys(fields).length ? new ApiError(422, { code: "incomplete", fields }) : null);
    if (Object.keys(fields).length || form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    try {
      await call(id ? "PATCH" : "POST", id ? `/api/macros/${id}` : "/api/macros", { name: name.value.trim(), steps });
      keep(id ? "Macro saved." : "Macro added.");
      location.reload();
    } catch (error) {
      form.ariaBusy = null;
      showError(form, placed(error));
    }
  }

  /** What can be seen to be wrong before anything is sent. @param {Step[]} steps */
  function problems(steps) {
    /** @type {Record<string, string>} */
    const fields = {};
    if (!name.value.trim()) fields.name = "Please fill this in.";
    if (!steps.length) fields.body = "Please add a step at least.";
    steps.forEach((step, place) => {
      if (step.text === "" || step.tags?.length === 0) fields[`steps-${place}`] = "Please fill this in.";
      if ("minutes" in step && !(step.minutes >= 1)) fields[`steps-${place}`] = "Please say for how long.";
    });
    return fields;
  }
}

/** The arrow keys do what the buttons beside a step say, while one of them has the focus. @param {KeyboardEvent} event */
function move(event) {
  const way = { ArrowUp: "[data-row-up]", ArrowDown: "[data-row-down]" }[event.key];
  const button = event.target instanceof Element ? event.target.closest("[data-row-up], [data-row-down]") : null;
  if (!way || !button) return;
  event.preventDefault();
  const wanted = /** @type {HTMLButtonElement | null} */ (button.parentElement?.querySelector(way));
  wanted?.focus();
  wanted?.click();
}

/** Who has left the team stays chosen until somebody chooses anew; saving says so. @param {string} id */
function keepChoice(id) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById("row-steps"));
  const choices = /** @type {HTMLSelectElement} */ (template.content.querySelector("[data-cell=assignee_id]"));
  if (![...choices.options].some(({ value }) => value === id)) choices.add(new Option("Somebody who has left", id));
}

/** A step as the list's line holds it. @param {Step} step */
function laidOut(step) {
  const unit = UNITS.find((one) => step.minutes % one === 0) || 1;
  return { ...step, tags: (step.tags || []).join(", "), assignee_id: "assignee_id" in step ? step.assignee_id || "" : "me", amount: step.minutes ? step.minutes / unit : "", unit: String(step.minutes ? unit : 60) };
}

/** A line as the server takes it: what it does, and the one fact that this needs. @param {Step} row @returns {Step} */
function stepOf(row) {
  const step = { do: row.do };
  if (row.do === "reply" || row.do === "note") return { ...step, text: row.text.trim() };
  if (row.do === "assign") return { ...step, assignee_id: row.assignee_id || null };
  if (row.do === "tag" || row.do === "untag") return { ...step, tags: row.tags.split(",").map((/** @type {string} */ tag) => tag.trim()).filter(Boolean) };
  if (row.do === "priority") return { ...step, priority: row.priority };
  return row.do === "snooze" ? { ...step, minutes: Math.round(Number(row.amount) * Number(row.unit)) } : step;
}

/** What the server names `steps.2.reply.text` stands at the third step here. @param {unknown} error */
function placed(error) {
  if (!(error instanceof ApiError)) return error;
  const fields = Object.entries(error.fields).map(([name, words]) => [name.replace(/^steps\.(\d+).*/, "steps-$1"), words]);
  return new ApiError(error.status, { code: error.code, message: error.message, request_id: error.requestId, fields: Object.fromEntries(fields) });
}

/** @param {Element} line @param {string} name @returns {HTMLInputElement[]} */
function cellsOf(line, name) {
  return [...line.querySelectorAll(`[data-cell="${name}"]`)].map((one) => /** @type {HTMLInputElement} */ (one));
}

/** @param {Element} root @param {string} selector @returns {HTMLElement} */
function part(root, selector) {
  return /** @type {HTMLElement} */ (root.querySelector(selector));
}
