/**
 * The form of the widget's settings as a look, and a look in the form.
 *
 * @import { Look } from "../../../widget/types.js"
 */
import { createRows } from "./row-list.js";

const COLOUR = /^#[0-9a-f]{6}$/i;
const KINDS = /** @type {const} */ ({ name: "text", email: "email", phone: "tel" });
const LABELS = { name: "Your name", email: "E-mail address", phone: "Phone number", own: "" };
const KIND_WORDS = { name: "Name", email: "E-mail", phone: "Phone" };
const MOST_QUESTIONS = 5;
const MOST_FIELDS = 6;

/** @typedef {keyof typeof LABELS} Kind */
/** @typedef {{name: string, label: string, type: string, required: boolean}} Asked */

/**
 * @param {HTMLFormElement} form
 * @param {() => void} changed
 */
export function createLookForm(form, changed) {
  const questions = createRows(part(form, "[data-rows='suggestions']"), { most: MOST_QUESTIONS, changed });
  const asked = createRows(part(form, "[data-rows='prechat']"), { most: MOST_FIELDS, changed });
  for (const button of form.querySelectorAll("[data-add-field]")) {
    const kind = /** @type {Kind} */ (/** @type {HTMLElement} */ (button).dataset.addField);
    button.addEventListener("click", () => {
      addField(kind);
      asked.focusLast();
      changed();
    });
  }

  /** @param {Kind} kind */
  function addField(kind) {
    const name = kind === "own" ? freeName(fields()) : kind;
    asked.add({ name, label: LABELS[kind], type: kind === "own" ? "text" : KINDS[kind], required: kind === "email" });
  }

  /** @returns {Asked[]} */
  function fields() {
    return asked.read().map(({ name, type, label, required }) => ({ name, label: label.trim(), type, required }));
  }

  /** What there is to choose from: name, e-mail and phone once each. */
  function offer() {
    const names = new Set(fields().map((one) => one.name));
    for (const button of form.querySelectorAll("[data-add-field]")) {
      const kind = /** @type {HTMLElement} */ (button).dataset.addField || "";
      /** @type {HTMLButtonElement} */ (button).disabled = names.has(kind) || names.size >= MOST_FIELDS;
    }
    for (const row of form.querySelectorAll("[data-rows='prechat'] .rowline")) {
      const { name = "" } = /** @type {HTMLElement} */ (row).dataset;
      part(row, "[data-cell-kind]").textContent = KIND_WORDS[/** @type {keyof typeof KIND_WORDS} */ (name)] || "Question";
    }
  }

  return {
    offer,
    /** Everything but the words, as it would be sent. @returns {Look & {name: string}} */
    read() {
      return {
        name: text(form, "name"),
        color: text(form, "color"),
        theme: /** @type {Look["theme"]} */ (chosen(form, "theme")),
        side: /** @type {Look["side"]} */ (chosen(form, "side")),
        offset: { x: number(form, "offset_x"), y: number(form, "offset_y") },
        launcher: { text: text(form, "launcher") },
        greeting: text(form, "greeting"),
        suggestions: questions.read().map((one) => one.text.trim()).filter(Boolean),
        ai_notice: box(form, "ai_notice").checked,
        locale: /** @type {any} */ (text(form, "locale") || null),
        prechat: { enabled: box(form, "prechat_enabled").checked, fields: fields(), consent: text(form, "consent") },
        hidden_on: text(form, "hidden_on").split("\n").map((line) => line.trim()).filter(Boolean),
        sounds: box(form, "sounds").checked,
        show_branding: box(form, "show_branding").checked,
      };
    },
    /** @param {any} look */
    write(look) {
      for (const name of ["name", "color", "greeting"]) box(form, name).value = look[name];
      box(form, "offset_x").value = look.offset.x;
      box(form, "offset_y").value = look.offset.y;
      box(form, "launcher").value = look.launcher.text || "";
      box(form, "locale").value = look.locale || "";
      box(form, "consent").value = look.prechat.consent || "";
      box(form, "hidden_on").value = look.hidden_on.join("\n");
      for (const name of ["theme", "side"]) choose(form, name, look[name]);
      for (const name of ["ai_notice", "sounds", "show_branding"]) box(form, name).checked = look[name];
      box(form, "prechat_enabled").checked = look.prechat.enabled;
      questions.write(look.suggestions.map((/** @type {string} */ one) => ({ text: one })));
      asked.write(look.prechat.fields);
      offer();
    },
    /** What can be seen to be wrong without asking the server. @returns {Record<string, string>} */
    problems() {
      const look = this.read();
      /** @type {Record<string, string>} */
      const found = {};
      if (!look.name) found.name = "Please fill this in.";
      if (!COLOUR.test(look.color || "")) found.color = "Please give a colour such as #0f766e.";
      if (!isDistance(look.offset?.x) || !isDistance(look.offset?.y)) found.offset = "Please give whole numbers from 0 to 200.";
      if (look.prechat?.fields.some((one) => !one.label)) found.prechat = "Please give every field a label.";
      if (look.prechat?.enabled && !look.prechat.fields.length && !look.prechat.consent) found.prechat = "Please add a field, or turn the questions off.";
      return found;
    },
  };
}

/** @param {string | undefined} colour */
export function isColour(colour) {
  return COLOUR.test(colour || "");
}

/**
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLElement}
 */
export function part(root, selector) {
  return /** @type {HTMLElement} */ (root.querySelector(selector));
}

/**
 * Typed as an input, which select and textarea are like in all that is used here.
 * @param {HTMLFormElement} form
 * @param {string} name
 * @returns {HTMLInputElement}
 */
function box(form, name) {
  return /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
}

/** @param {HTMLFormElement} form @param {string} name */
function text(form, name) {
  return box(form, name).value.trim();
}

/** @param {HTMLFormElement} form @param {string} name */
function number(form, name) {
  return box(form, name).value === "" ? NaN : Number(box(form, name).value);
}

/** @param {HTMLFormElement} form @param {string} name */
function chosen(form, name) {
  return /** @type {RadioNodeList} */ (form.elements.namedItem(name)).value;
}

/** @param {HTMLFormElement} form @param {string} name @param {string} value */
function choose(form, name, value) {
  /** @type {RadioNodeList} */ (form.elements.namedItem(name)).value = value;
}

/** @param {number | undefined} value */
function isDistance(value) {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 200;
}

/** @param {Asked[]} fields */
function freeName(fields) {
  const names = new Set(fields.map((one) => one.name));
  let count = 1;
  while (names.has(`field_${count}`)) count++;
  return `field_${count}`;
}
