/** The widget's settings: form, preview and saving held together. */
import { ApiError, call } from "./api.js";
import { showError } from "./form-errors.js";
import { bindLogo } from "./logo.js";
import { createLookForm, isColour, part } from "./look-form.js";
import { bindParts, partOf } from "./parts.js";
import { createPreview } from "./preview.js";
import { toast } from "./toast.js";
import { guard } from "./unsaved.js";
import { createWording } from "./wording.js";

const STATES = /** @type {const} */ ({ greeting: "greeting", prechat: "form", words: "greeting" });

const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-widget-form]"));
const studio = part(document, "[data-studio]");
const note = part(form, "[data-colour-note]");
const well = /** @type {HTMLInputElement} */ (part(form, "[data-colour-well]"));
/** @type {any} */
let saved = JSON.parse(form.dataset.look || "{}");
let colour = saved.color;

const look = createLookForm(form, changed);
const wording = createWording(form, JSON.parse(form.dataset.catalogues || "{}"), changed);
const preview = createPreview(part(document, "[data-preview]"), ({ accent, ink }) => sayColours(accent, ink));
const bar = guard(form, { undo, isDirty: () => Object.keys(changes()).length > 0 });
const turn = bindParts(form, (name) => {
  if (name === "words") void wording.show();
  const state = STATES[/** @type {keyof typeof STATES} */ (name)];
  if (state) preview.turnTo(state);
});

fill();
bindColours();
bindSwitch();
bindLogo(part(form, "[data-logo]"), (fresh) => {
  saved = { ...saved, logo_url: fresh.logo_url };
  draw();
});
form.addEventListener("input", changed);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void save();
});

function fill() {
  look.write(saved);
  wording.write(saved.strings);
  changed();
}

function undo() {
  showError(form, null);
  fill();
  toast("Back to what is saved.");
}

function changed() {
  look.offer();
  draw();
  bar.show();
}

/** What the preview is to show; a colour that is half typed does not count yet. */
function draw() {
  const now = look.read();
  if (isColour(now.color)) well.value = colour = /** @type {string} */ (now.color).toLowerCase();
  const { x = 0, y = 0 } = now.offset || {};
  preview.show({ ...now, color: colour, offset: { x: x || 0, y: y || 0 }, logo_url: saved.logo_url, strings: wording.read() });
}

/** What differs from what is saved. @returns {Record<string, unknown>} */
function changes() {
  const now = { ...look.read(), strings: wording.read() };
  return Object.fromEntries(Object.entries(now).filter(([key, value]) => !isSame(value, saved[key])));
}

async function save() {
  const { name, ...rest } = changes();
  const problems = look.problems();
  if (Object.keys(problems).length) return complain(new ApiError(422, { code: "incomplete", fields: problems }));
  showError(form, null);
  const free = bar.occupy();
  try {
    // Its name belongs to the assistant, who has it wherever he speaks.
    if (name !== undefined) saved = { ...saved, name: (await call("PATCH", "/api/organization/assistant", { name })).name };
    if (Object.keys(rest).length) saved = await call("PATCH", "/api/organization/widget", rest);
    toast("Saved. Your site shows it from the next page on.");
  } catch (error) {
    complain(error);
  } finally {
    free();
    changed();
  }
}

/** A mistake is shown where it was made, also when that is on another card. @param {unknown} error */
function complain(error) {
  const fields = error instanceof ApiError ? Object.keys(error.fields) : [];
  const wrong = fields[0] && form.querySelector(`[data-field="${CSS.escape(fields[0].split(".")[0])}"]`);
  if (wrong) turn(partOf(wrong));
  showError(form, error);
}

function bindColours() {
  const code = /** @type {HTMLInputElement} */ (form.elements.namedItem("color"));
  /** @param {string} value */
  const choose = (value) => {
    code.value = value;
    code.dispatchEvent(new Event("input", { bubbles: true }));
  };
  well.addEventListener("input", (event) => {
    event.stopPropagation();
    choose(well.value);
  });
  for (const swatch of /** @type {Iterable<HTMLElement>} */ (form.querySelectorAll("[data-swatch]"))) {
    const value = swatch.dataset.swatch || "";
    swatch.style.backgroundColor = value;
    swatch.addEventListener("click", () => choose(value));
  }
}

/** On a narrow screen form and preview take turns. */
function bindSwitch() {
  const box = part(document, "[data-studio-switch]");
  box.hidden = false;
  box.addEventListener("change", ({ target }) => {
    studio.dataset.view = /** @type {HTMLInputElement} */ (target).value;
  });
}

/** @param {string} accent @param {string} ink */
function sayColours(accent, ink) {
  const shown = hex(accent);
  const letters = light(ink) > 0.5 ? "White" : "Dark";
  const isKept = shown === colour.toLowerCase();
  note.textContent = isKept ? `${letters} letters can be read on it.` : `So that white letters can be read on it, it is shown as ${shown}.`;
  note.classList.toggle("colour__note--corrected", !isKept);
  note.style.setProperty("--shown", accent);
}

/** @param {string} rgb */
function hex(rgb) {
  return `#${channels(rgb).map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

/** @param {string} rgb */
function light(rgb) {
  return channels(rgb).reduce((sum, value) => sum + value, 0) / 765;
}

/** @param {string} rgb */
function channels(rgb) {
  return (rgb.match(/\d+/g) || []).map(Number);
}

/** Two values of settings, whatever the order of their names. @param {any} one @param {any} other @returns {boolean} */
function isSame(one, other) {
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return (one ?? null) === (other ?? null);
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => isSame(one[name], other[name]));
}
